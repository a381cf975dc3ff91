"""docs/coverage.md: each word of the founding document, and the cell that teaches it.

The document (in Chinese) fixes what the course must teach. A row of `WORDS` names its word, the word in English, the
lesson, and the heading under which it is taught; without one it is the first section that speaks of it. A lesson that
is there must speak of its words: the English (after a colon: what stands there) in that section, the Chinese anywhere.
"""

from collections import namedtuple

from course_lib import curriculum
from course_lib.text.tables import table
from course_lib.tools.build import BuildError, anchors, source

Word = namedtuple("Word", "chinese english lesson heading", defaults=[""])

# fmt: off
WORDS = {
    "2 Core concepts (核心概念)": (
        Word("模型训练", "training", "1.5", "The program"),
        Word("模型参数", "parameters", "1.1", "What it costs"),
        Word("模型推理", "inference", "2.1", "Two modes"),
        Word("模型部署", "deployment", "3.2", "3.2 A model behind HTTP"),
        Word("模型优化", "optimization", "4.2"),
        Word("参数优化", "hyperparameters", "4.4"),
        Word("网络结构优化", "structure", "4.5"),
    ),
    "3.1 Deep learning (深度学习算法)": (
        Word("神经网络", "network", "1.1", "A network feeds each layer's output to the next"),
        Word("前向传播", "forward propagation", "1.1", "The formula"),
        Word("激活函数", "activation", "1.1", "One neuron"),
        Word("权重矩阵", "weight matrix", "1.1", "The formula"),
        Word("偏置向量", "bias vector", "1.1", "The formula"),
        Word("预测结果", "prediction", "1.1", "A network feeds each layer's output to the next"),
        Word("后向传播", "backpropagation", "1.3", "Backward: the chain rule"),
        Word("梯度", "gradient", "1.3", "What a gradient says"),
        Word("损失函数", "loss", "1.2", "Squared error for numbers"),
        Word("梯度下降", "gradient descent", "1.4", "The algorithm"),
        Word("学习率", "learning rate", "1.4", "The algorithm"),
    ),
    "3.2 Optimization algorithms (优化算法)": (
        Word("梯度下降算法", "four steps", "1.4", "The algorithm"),
        Word("初始化模型参数", "initialize", "1.4", "The algorithm"),
        Word("更新模型参数", "update", "1.4", "The algorithm"),
        Word("终止条件", "stopping rule", "1.4", "When to stop"),
        Word("随机梯度下降", "stochastic gradient descent", "4.1", "The algorithm, in its two forms"),
        Word("动态学习率", "learning rate", "4.3", "The algorithm"),
    ),
    "3.3 Distributed computing (分布式计算算法)": (
        Word("MapReduce", "map", "5.1", "What a job computes"),
        Word("节点", "worker", "5.1", "On real processes"),
        Word("Spark", "Spark", "5.2", "The algorithm"),
        Word("RDD", "RDD", "5.2", "The idea in ten lines"),
        Word("DataFrame", "DataFrame", "5.2", "DataFrames: say what, not how"),
    ),
    "4 The program (具体代码实例)": (
        Word("TensorFlow", "Keras", "0.1", "The whole program, on the engine that people use"),
        Word("定义模型", "Sequential", "1.5", "1 · Define"),
        Word("编译模型", "compile", "1.5", "2 · Compile"),
        Word("训练模型", "fit", "1.5", "3 · Fit"),
        Word("训练轮次", "epoch", "1.5", "3 · Fit"),
        Word("预测", "predict", "1.5", "4 · Predict"),
        Word("Adam优化器", "Adam", "4.2"),
    ),
    "5 Trends and challenges (未来发展趋势与挑战)": (
        Word("模型规模的增加", "scale", "6.1"),
        Word("多模态", "modalities", "6.2"),
        Word("可解释性", "interpretability", "6.3"),
        Word("模型的优化", "quantization", "4.6"),
        Word("模型的部署", "serving", "3.4"),
    ),
    "6 Questions and answers (常见问题与解答)": (
        Word("如何选择合适的优化算法", "how to choose: optimizer", "4.2"),
        Word("如何选择合适的激活函数", "how to choose: activation", "1.6", "Choosing"),
        Word("ReLU激活函数", "relu", "1.6", "Four activations and their slopes"),
        Word("sigmoid激活函数", "sigmoid", "1.6", "Four activations and their slopes"),
        Word("softmax激活函数", "softmax", "1.2", "A softmax that survives 1,000"),
        Word("如何选择合适的损失函数", "how to choose: loss", "1.2", "Choosing a loss"),
        Word("交叉熵", "cross-entropy", "1.2", "Surprise for classes"),
        Word("均方误差", "mean squared error", "1.2", "Squared error for numbers"),
        Word("稀疏交叉熵", "sparse", "1.2", "One class of several"),
        Word("如何选择合适的模型结构", "how to choose: architecture", "1.6", "Choosing"),
        Word("全连接层", "Dense", "1.6", "Three ways to connect"),
        Word("卷积层", "convolution", "1.6", "A convolution by hand"),
        Word("循环层", "recurrent", "1.6", "A recurrent step by hand"),
        Word("如何选择合适的计算资源", "how to choose: hardware", "5.5"),
    ),
}
# fmt: on


def page(root):
    """The whole page."""
    places = {lesson.number: lesson.notebook("notebooks") for lesson in source.lessons(root)}
    built = {n: anchors.markdown(root / place) for n, place in places.items() if (root / place).exists()}
    taught = {word: taught_under(word, built[word.lesson]) for word in all_words() if word.lesson in built}
    if missing := [word for word, heading in taught.items() if heading is None]:
        raise BuildError("\n".join(map(not_taught, missing)))
    lines = [
        "# What the course must teach, and where it does",
        "",
        "The course was founded on a document (in Chinese) that fixes its subjects. Its words stand here in its order, "
        "each with the place that teaches it: a link leads to the section of the lesson.",
    ]
    for title, words in WORDS.items():
        rows = []
        for word in words:
            lesson = curriculum.find(word.lesson)
            where = f"{lesson.number} {lesson.title}"
            if word.lesson in built:
                heading = taught[word]
                where += f": [{heading}](../{places[word.lesson]}#{anchors.anchor(heading)})"
            else:
                where += " (to come)"
            rows.append((word.chinese, word.english, where))
        lines += ["", f"## {title}", "", table(("word", "in English", "taught in"), rows, right=()).markdown]
    return "\n".join(lines) + "\n"


def taught_under(word, text):
    """The heading of the section of a lesson that teaches a word; None where none does."""
    said = word.english.split(": ")[-1]
    sections = anchors.sections(text)
    headings = {anchors.anchor(heading): heading for heading in anchors.headings(text)}
    speaking = [name for name, section in sections.items() if said.lower() in section.lower()]
    wanted = anchors.anchor(word.heading) if word.heading else next(iter(speaking), None)
    return headings[wanted] if word.chinese in text and wanted in speaking else None


def not_taught(word):
    where = f"under {word.heading!r} " if word.heading else ""
    return (
        f"Lesson {word.lesson} must teach {word.english.split(': ')[-1]!r} {where}and give its Chinese word "
        f"{word.chinese}; it does not. Write of it there, or give another place in course_lib/tools/build/coverage.py."
    )


def all_words():
    return [word for words in WORDS.values() for word in words]


def path(root):
    return root / "docs" / "coverage.md"
