"""Why did the model answer this? What an input's parts did for the answer."""

from course_lib.interpret.saliency import gradient_times_input
