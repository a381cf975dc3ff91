"""Models that answer: on disk, in memory, and what computes.

repository     versions on disk, with checksums
manager        versions in memory: loaded, switched and rolled back under way
version        one of them: preprocessing, model, postprocessing
preprocessing  the steps around a model that belong to it
backends       what computes: NumPy, TensorFlow
"""
