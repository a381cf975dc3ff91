"""What of Keras is left out here, each with a sentence that says why or names the way round.

One table for three readers: the errors that a program gets, the page docs/keras.md, and a test that no public name of
Keras is without an answer. What the library gains is taken off this table; the test says so.
"""

import importlib

_STACK = "A model here is a stack: Sequential([…]). A path around a layer is layers.Residual(layer)."
_LATER = "Attention and what belongs to it come with the lessons on large models, not yet."
_ALONG = "Images here have two axes and their channels; put time or depth into the batch axis."
_BEFORE = "Prepare the data with NumPy before fit: x = prepared(x). What changes no weight needs no layer."
_TEXT = "Turn words into counts or indices before the model: data.text.vocabulary and its neighbours do."
_OPS = "Layers compute with NumPy: write the layer's forward with np, and its derivative in backward."
_AUGMENT = "Change the images with NumPy in the generator that feeds fit."
_FILES = "Read the files into arrays yourself, or write a generator that gives (x, y)."
_SAVE = "Save with model.save(path) and load with models.load_model(path); a file names no class of your own."
_DTYPE = "Weights are float32, or float64 with dtype='float64'; compute in other precisions with Keras."
_BACKEND = "There is one backend here, NumPy on this machine's cores, and nothing to set."
_CELL = "A recurrent layer here is whole: LSTM, GRU or SimpleRNN. To change its step, subclass one of them."
_RARE_LOSS = "Write it as a subclass of losses.Loss with `values` and `derivative`: two formulas."
_RARE_METRIC = "Give a function of (y_true, y_pred), or a subclass of metrics.Metric with `update_state` and `result`."
_RULE = "Write it as a subclass of optimizers.Optimizer with `slots` and `update`, as optimizers/adam.py does."
_PICTURE = "model.summary() prints the layers; model.save(path) keeps them."
_FUSED = "Give the last layer the activation, or the loss from_logits=True."
_NOISE = "Use Dropout or GaussianNoise."
_SPREAD = "Training on several machines is chapter 5 of the course: course_lib.distributed."
_CONSTRAINT = (
    "Weights are not bounded here. Bound them after each step in a callback's on_train_batch_end, "
    "or pull them with kernel_regularizer."
)
_BUILT = "The engine has no graph of tensors. Shapes: layer.compute_output_shape; what the user calls: model(x)."


def _each(*groups):
    """{name: sentence} from ("name name …", sentence) pairs."""
    return {name: sentence for names, sentence in groups for name in names.split()}


# Room (as after `keras.`; "" is keras itself) → name → sentence. What a room defines is no longer left out, whether it
# still stands here or not: who adds a piece has no line to take away.
NAMES = {
    "": _each(
        ("Model Function Operation KerasTensor", _STACK),
        ("ops random tree StatelessScope SymbolicScope name_scope Variable", _OPS),
        ("backend config device src legacy version RematScope remat wrappers visualization", _BACKEND),
        ("InputSpec", _BUILT),
        ("applications datasets", "What is downloaded is left out. The course's own data: course_lib.data."),
        ("preprocessing", "pad_sequences stands in course_lib.utils; text and images are prepared with NumPy."),
        ("saving export", _SAVE),
        ("mixed_precision dtype_policies DTypePolicy FloatDTypePolicy Quantizer quantizers", _DTYPE),
        ("distribution", _SPREAD),
        ("distillation", "Compute the teacher's outputs with predict, and fit the pupil to them."),
        ("constraints", _CONSTRAINT),
    ),
    "activations": _each(("serialize deserialize", _SAVE)),
    "initializers": _each(("serialize deserialize", _SAVE)),
    "regularizers": _each(
        ("serialize deserialize", _SAVE),
        (
            "OrthogonalRegularizer orthogonal_regularizer",
            "Subclass regularizers.Regularizer with `__call__` and `gradient`.",
        ),
    ),
    "losses": _each(
        ("serialize deserialize", _SAVE),
        ("BinaryFocalCrossentropy CategoricalFocalCrossentropy CategoricalGeneralizedCrossEntropy", _RARE_LOSS),
        ("binary_focal_crossentropy categorical_focal_crossentropy", _RARE_LOSS),
        ("categorical_generalized_cross_entropy Circle circle Dice dice Tversky tversky CTC ctc", _RARE_LOSS),
    ),
    "metrics": _each(
        ("serialize deserialize", _SAVE),
        ("BinaryIoU IoU MeanIoU OneHotIoU OneHotMeanIoU F1Score FBetaScore R2Score", _RARE_METRIC),
        ("ConcordanceCorrelation PearsonCorrelation concordance_correlation pearson_correlation", _RARE_METRIC),
        ("PrecisionAtRecall RecallAtPrecision SensitivityAtSpecificity SpecificityAtSensitivity", _RARE_METRIC),
        ("binary_focal_crossentropy categorical_focal_crossentropy", _RARE_METRIC),
        (
            "binary_crossentropy categorical_crossentropy sparse_categorical_crossentropy categorical_hinge hinge "
            "huber kl_divergence log_cosh mean_absolute_error mean_absolute_percentage_error mean_squared_error "
            "mean_squared_logarithmic_error poisson squared_hinge",
            "The function of this name stands in course_lib.losses; metrics=[…] takes it from there.",
        ),
    ),
    "models": _each(
        ("Model", _STACK),
        ("model_from_json", _SAVE),
        ("clone_model", "copy.deepcopy(model), or build the layers again and new.set_weights(old.get_weights())."),
    ),
    "optimizers": _each(
        ("serialize deserialize", _SAVE),
        ("Adadelta Adafactor Adagrad Adamax Ftrl Lamb Lion Muon Nadam ScheduleFreeAdamW", _RULE),
        ("LossScaleOptimizer", _DTYPE),
        ("MultiOptimizer OptimizerMap", "One optimizer moves all weights; freeze layers to train a part."),
    ),
    "optimizers.schedules": _each(("serialize deserialize", _SAVE)),
    "callbacks": _each(
        ("TensorBoard RemoteMonitor", "Read history.history, or write the logs in a callback's on_epoch_end."),
        ("BackupAndRestore OrbaxCheckpoint", "Save with ModelCheckpoint, load the file, and fit with initial_epoch."),
        ("ProgbarLogger", "fit(verbose=1) shows the bar, verbose=2 one line an epoch."),
        ("SwapEMAWeights", "Keep the running mean in a callback: get_weights in on_train_batch_end."),
    ),
    "utils": _each(
        ("Config FeatureSpace", _BEFORE),
        ("CustomObjectScope custom_object_scope get_custom_objects register_keras_serializable", _SAVE),
        ("get_registered_name get_registered_object serialize_keras_object deserialize_keras_object", _SAVE),
        ("Progbar enable_interactive_logging disable_interactive_logging is_interactive_logging_enabled", _PICTURE),
        ("model_to_dot plot_model", _PICTURE),
        ("array_to_img img_to_array load_img save_img", _FILES),
        ("audio_dataset_from_directory image_dataset_from_directory text_dataset_from_directory get_file", _FILES),
        ("split_dataset timeseries_dataset_from_array", "Cut the arrays with slices, or fit(validation_split=…)."),
        ("clear_session standardize_dtype", _BACKEND),
        ("get_source_inputs is_keras_tensor", _STACK),
        ("normalize", "x / np.linalg.norm(x, axis=-1, keepdims=True)."),
        ("pack_x_y_sample_weight unpack_x_y_sample_weight", "A batch is a tuple: (x, y) or (x, y, sample_weight)."),
    ),
    "layers": _each(
        ("serialize deserialize", _SAVE),
        ("Add Average Concatenate Dot Maximum Minimum Multiply Subtract", _STACK),
        ("add average concatenate dot maximum minimum multiply subtract", _STACK),
        ("Attention AdditiveAttention MultiHeadAttention GroupQueryAttention ReversibleEmbedding", _LATER),
        ("AveragePooling3D AvgPool3D MaxPooling3D MaxPool3D GlobalAveragePooling3D GlobalAvgPool3D", _ALONG),
        ("GlobalMaxPooling3D GlobalMaxPool3D Conv3D Convolution3D Conv3DTranspose Convolution3DTranspose", _ALONG),
        ("AdaptiveAveragePooling3D AdaptiveMaxPooling3D ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping3D", _ALONG),
        ("UpSampling3D ZeroPadding3D SpatialDropout3D", _ALONG),
        (
            "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveMaxPooling1D AdaptiveMaxPooling2D",
            "Use AveragePooling or MaxPooling with the window that gives this size, or GlobalAveragePooling.",
        ),
        (
            "Conv1DTranspose Conv2DTranspose Convolution1DTranspose Convolution2DTranspose",
            "To enlarge, use Dense and Reshape.",
        ),
        ("DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D", "Use Conv1D or Conv2D."),
        ("SeparableConvolution1D SeparableConvolution2D", "Use Conv1D or Conv2D."),
        ("Cropping1D Cropping2D CenterCrop Resizing Normalization", _BEFORE),
        ("CategoryEncoding Discretization HashedCrossing Hashing IntegerLookup Pipeline", _BEFORE),
        ("MaxNumBoundingBoxes MelSpectrogram STFTSpectrogram", _BEFORE),
        ("StringLookup TextVectorization", _TEXT),
        ("AugMix AutoContrast ContrastLimitedAdaptiveHistogramEqualization CutMix Equalization MixUp", _AUGMENT),
        ("RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop", _AUGMENT),
        ("RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHue", _AUGMENT),
        ("RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation", _AUGMENT),
        ("RandomSharpness RandomShear RandomTranslation RandomZoom Solarization", _AUGMENT),
        ("AlphaDropout GaussianDropout", _NOISE),
        ("ActivityRegularization", "Outputs are not penalized here, only weights: kernel_regularizer=…"),
        ("EinsumDense", "Use Dense, which carries along all axes between the first and the last."),
        ("FlaxLayer JaxLayer TFSMLayer TorchModuleWrapper", _BACKEND),
        ("GRUCell LSTMCell SimpleRNNCell StackedRNNCells RNN", _CELL),
        ("GroupNormalization SpectralNormalization UnitNormalization", "Use LayerNormalization or BatchNormalization."),
        ("InputSpec", _BUILT),
        ("Identity", "Leave it out, or write Activation('linear')."),
        ("Lambda", _OPS),
        ("Wrapper", "Subclass Layer and make the inner layer an attribute, as layers.Residual does."),
        ("PReLU", "Use LeakyReLU, with a slope that is not learned."),
    ),
}  # fmt: skip

# Methods and properties of a model or a layer → sentence.
METHODS = _each(
    ("add_loss add_metric losses metrics_variables compute_loss compute_metrics", "Give compile a loss and metrics."),
    ("compiled_loss compiled_metrics get_metrics_result", "Read model.loss, and evaluate(…, return_dict=True)."),
    ("train_step test_step predict_step", "Write your own loop with train_on_batch, or loss_and_gradient."),
    ("make_train_function make_test_function make_predict_function stateless_compute_loss", _BACKEND),
    ("distribute_strategy distribute_reduction_method jit_compile run_eagerly", _BACKEND),
    ("stateless_call symbolic_call rematerialized_call get_state_tree set_state_tree", _BACKEND),
    ("to_json export build_from_config compile_from_config get_build_config get_compile_config", _SAVE),
    ("load_own_variables save_own_variables", _SAVE),
    ("quantize quantized_build quantized_call quantization_mode get_quantization_layer_structure", _DTYPE),
    ("dtype_policy compute_dtype variable_dtype input_dtype", _DTYPE),
    ("input inputs output outputs compute_output_spec input_spec", _BUILT),
    ("call", "A layer of your own may have it, and predicts; to learn it has forward and backward: layers/dropout.py."),
    (
        "compute_mask supports_masking",
        "A mask travels with the pass: run.mask, set by Embedding(mask_zero=True) and Masking.",
    ),
    ("trainable_variables non_trainable_variables", "trainable_weights and non_trainable_weights are the arrays."),
    ("add_variable", "Use add_weight(shape, name=…)."),
    ("path", "Each weight has a path: [v.path for v in layer.variables()]."),
)


class LeftOut:
    """Stands in a class for a method that is left out: whoever asks for it gets its sentence.

    One a name, and no `__getattr__`: a class that has one is slow at each of its attributes, `self.kernel` too.
    """

    def __init__(self, sentence):
        self.sentence = sentence

    def __set_name__(self, kind, name):
        self.name = name

    def __get__(self, thing, kind):
        raise AttributeError(
            f"{kind.__name__} has no {self.name!r}. {self.sentence} What else is left out: docs/keras.md."
        )


def leaves_out(table):
    """Class decorator: the names of this table, {name: sentence}, each with its sentence; `dir` does not list them."""

    def decorated(kind):
        for name, sentence in table.items():
            stand_in = LeftOut(sentence)
            stand_in.__set_name__(kind, name)
            setattr(kind, name, stand_in)
        kind.__dir__ = lambda self: [n for n in object.__dir__(self) if n not in table or hasattr(self, n)]
        return kind

    return decorated


class Argument:
    """An argument of Keras that has no effect here: the values that are accepted, and why no other one is."""

    def __init__(self, accepted, sentence):
        self.accepted, self.sentence = accepted, sentence

    def accepts(self, value):
        return self.accepted is ANY or any(value is a or type(value) is type(a) and value == a for a in self.accepted)


ANY = object()  # any value: it changes how fast Keras computes, or how it is shown, and no number


# Where (a call, or a family of classes) → argument → what is accepted of it.
ARGUMENTS = {
    "compile": {
        "run_eagerly": Argument(ANY, "Every step is eager here: plain Python calls plain NumPy."),
        "jit_compile": Argument(ANY, "There is no compiler; each operation is one call of NumPy."),
        "steps_per_execution": Argument(ANY, "Steps are taken one by one; hooks are called after each."),
        "auto_scale_loss": Argument(ANY, "It concerns float16, which is left out."),
        "loss_weights": Argument((None, 1, 1.0), "There is one loss: scale it in a loss of your own."),
    },
    "fit": {
        "workers": Argument(ANY, "Batches are made one after the other."),
        "use_multiprocessing": Argument(ANY, "Batches are made one after the other."),
        "max_queue_size": Argument(ANY, "Batches are made one after the other."),
    },
    "summary": {
        "expand_nested": Argument(ANY, "A model inside a model is one line."),
        "show_trainable": Argument(ANY, "The last line counts what is trainable; layer.trainable says it of one."),
        "layer_range": Argument(ANY, "All layers are shown."),
    },
    "layers": {
        "activity_regularizer": Argument((None,), "Outputs are not penalized here, only weights: kernel_regularizer=…"),
        "autocast": Argument(ANY, "Inputs always take the layer's dtype."),
        "kernel_constraint": Argument((None,), _CONSTRAINT),
        "bias_constraint": Argument((None,), _CONSTRAINT),
        "recurrent_constraint": Argument((None,), _CONSTRAINT),
        "embeddings_constraint": Argument((None,), _CONSTRAINT),
        "beta_constraint": Argument((None,), _CONSTRAINT),
        "gamma_constraint": Argument((None,), _CONSTRAINT),
        "data_format": Argument((None, "channels_last"), "Channels come last: np.moveaxis(x, 1, -1) moves them."),
        "groups": Argument((1,), "A convolution sees all channels: use one Conv2D a group, each in its own model."),
        "input_length": Argument(ANY, "Keras 3 has it no more; sequences may have any length."),
        "interpolation": Argument(("nearest",), "Each position is repeated; nothing is interpolated."),
        "lora_rank": Argument((None,), "Low-rank adapters come with the lessons on compression, not yet."),
        "lora_alpha": Argument((None,), "Low-rank adapters come with the lessons on compression, not yet."),
        "quantization_config": Argument((None,), _DTYPE),
        "implementation": Argument(ANY, "Keras 3 has it no more; it changed the speed only."),
        "recurrent_dropout": Argument((0, 0.0), "Put a Dropout layer before or after the recurrent layer."),
        "renorm": Argument((False,), "Use BatchNormalization without it, or LayerNormalization."),
        "renorm_clipping": Argument((None,), "Use BatchNormalization without it, or LayerNormalization."),
        "renorm_momentum": Argument(ANY, "It has an effect with renorm=True only, which is left out."),
        "optional": Argument((False,), "Every model has one input, and needs it."),
        "ragged": Argument((None, False), "Rows have one length: utils.pad_sequences."),
        "return_state": Argument((False,), "A stack hands on one array: the output, which is the last state."),
        "sparse": Argument((None, False), "Give the whole array: x.toarray()."),
        "stateful": Argument((False,), "Each batch begins at state zero: give the whole sequence at once."),
        "synchronized": Argument((False,), _SPREAD),
        "tensor": Argument((None,), _STACK),
        "unroll": Argument(ANY, "It changes the speed of Keras only."),
        "use_cudnn": Argument(ANY, "It concerns a graphics card."),
    },
    "optimizers": {
        "loss_scale_factor": Argument((None,), "It concerns float16, which is left out."),
    },
}  # fmt: skip


# What differs in numbers though both engines run it → why, and where they agree.
DIFFERENCES = {
    "Ids that repeat in a batch": "On TensorFlow the gradient of an Embedding comes in pieces, one for each place of "
    "an id. Under Adam and every other rule that squares the gradient, and under clipvalue, clipnorm and "
    "global_clipnorm, Keras squares or clips the pieces; here they are added first, as the formula says. With SGD, "
    "with momentum, and where no id repeats, both agree; given the summed gradient, Keras's Adam agrees too.",
    "Softmax under binary cross-entropy, sigmoid under categorical": "Keras takes the scores before the last "
    "activation and reads them with the loss's own, whichever the layer has. Here a loss takes the scores of its own "
    "activation only, and else computes from the probabilities that it was given.",
    "Random numbers": "One seed gives other initial weights, dropout masks and orders of rows than in Keras. Set the "
    "weights of one from the other (parity.copy_weights) and shuffle=False to compare.",
    "A weight whose true gradient is 0": "The bias under a BatchNormalization moves by rounding alone, and Adam makes "
    "whole steps of it. So may a ReLU at 0 decide differently after many steps.",
    "A mask between layers called one by one": "It travels with the pass and not with the array, so both calls need "
    "one pass: lstm(embedding(x, run=run), run=run) with run = layers.Pass(). In a model it is one.",
    "A mean over no step": "Where no step of an example counts, GlobalAveragePooling1D gives 0; Keras gives NaN.",
    "sparsemax": "The rows of Keras 3.15 do not always sum to 1; here they do.",
    "class_weight beside sample_weight": "They multiply. Keras refuses both at once.",
    "A generator that is used up": "Training ends with a warning. Keras goes on and repeats the batches that it read "
    "ahead.",
    "A generator as validation_data": "Each look takes its next batches. Keras looks again at the two that it read "
    "ahead.",
    "on_epoch_end of a PyDataset": "It is called after each pass. Keras calls it once more before the first.",
    "A layer frozen or freed after training has begun": "Nothing changes before the next compile. In Keras each of fit "
    "and train_on_batch reads it at its own first step.",
    "Files": "save and save_weights write course_lib's own form, whatever the name ends with. Models pass between the "
    "engines by parity.keras_twin and parity.from_keras.",
    "Lists of numbers": "They are taken as x and y; Keras wants arrays.",
}


def sentence(room, name):
    """What is said of a name of Keras that is left out; None for any other."""
    return NAMES.get(room, {}).get(name)


def names(room):
    """{name: sentence} of what a room lacks."""
    there = vars(importlib.import_module(f"course_lib.{room}" if room else "course_lib"))
    return {name: said for name, said in NAMES[room].items() if name not in there}


def absent(room):
    """A module's `__getattr__`: a name that is left out gets its sentence, any other one the usual error.

    It is an ImportError, so that `from course_lib.layers import Conv3D` shows the sentence as well: of an
    AttributeError Python would drop it.
    """
    module = f"course_lib.{room}" if room else "course_lib"

    def __getattr__(name):
        if said := sentence(room, name):
            raise ImportError(f"{module} has no {name}. {said} What else is left out: docs/keras.md.", name=module)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return __getattr__
