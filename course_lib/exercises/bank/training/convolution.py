"""One filter of a convolution

**Goal.** Slide a small table of weights over an image, as a convolutional layer does for each of its filters.

**Given.** (Arrays are NumPy arrays of floats.)
- `image`: shape `(h, w)`, h rows and w columns.
- `kernel`: the weights of the filter, shape `(a, b)`: a rows and b columns, at most as many as the image has.
- `bias`: one number.

**Write** `convolution(image, kernel, bias)`.
Lay the kernel on the image at every place where it fits in as a whole (Keras calls that "valid"), one pixel after the
other, downwards and to the right. At each place multiply each weight by the pixel under it, add the products up, and
add the bias. As in Keras the kernel is *not* turned round: its first row lies on the upper of the a rows, its first
column on the left of the b columns. There is no activation.

**Returns** an array of shape `(h − a + 1, w − b + 1)`. Its entry `[i, j]` belongs to the place where the corner
`kernel[0, 0]` lies on `image[i, j]`.

**Example.** `image = [[1, 2, 0, 3], [0, 1, 4, 2], [2, 0, 1, 5]]`, `kernel = [[1, 0, 2], [-1, 3, 0]]`, `bias = 10`.
The first place: 1·1 + 0·2 + 2·0 - 1·0 + 3·1 + 0·4 + 10 = 14.
The answer is `[[14, 29], [16, 18]]`: a kernel of 2 rows fits into 3 rows twice, one of 3 columns into 4 columns twice.

**Check** with `q.check(convolution)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def convolution(image, kernel, bias):
    """The weighted sum plus bias wherever the kernel fits. Shapes: (h, w) and (a, b) give (h - a + 1, w - b + 1)."""
    (h, w), (a, b) = image.shape, kernel.shape
    z = np.zeros((h - a + 1, w - b + 1))
    for i in range(h - a + 1):
        for j in range(w - b + 1):
            z[i, j] = np.sum(image[i : i + a, j : j + b] * kernel) + bias
    return z


def by_hand(image, kernel, bias):
    (h, w), (a, b) = image.shape, kernel.shape
    pairs = list(zip(kernel.ravel(), image[:a, :b].ravel()))
    terms = " + ".join(f"({k:.3g})*({p:.3g})" for k, p in pairs[:6]) + " + ..." * (len(pairs) > 6)
    total = float(np.sum(image[:a, :b] * kernel))
    return (
        f"The kernel is {a} high and {b} wide, so it fits {h - a + 1} times downwards and {w - b + 1} times to the "
        f"right. The upper left place: {terms} = {total:.5g}; with the bias {total + bias:.5g}."
    )


IMAGE = np.array([[1.0, 2.0, 0.0, 3.0], [0.0, 1.0, 4.0, 2.0], [2.0, 0.0, 1.0, 5.0]])
KERNEL = np.array([[1.0, 0.0, 2.0], [-1.0, 3.0, 0.0]])


def table(h, w, seed):
    return np.round(np.random.default_rng(seed).normal(size=(h, w)) * 3, 1)


exercise = Exercise(
    convolution,
    cases=[
        Case("a kernel of two rows and three columns", IMAGE, KERNEL, 10.0),
        Case("a kernel of three rows and two columns", table(5, 4, 1), table(3, 2, 2), -1.5),
        Case("a kernel of one row", table(2, 6, 3), np.array([[1.0, -2.0, 0.5]]), 0.5),
        Case("a kernel of one column", table(5, 3, 4), np.array([[2.0], [-1.0]]), 2.0),
        Case("a square kernel on a wide image", table(4, 7, 5), table(2, 2, 6), 1.0),
        Case("a larger square kernel on a high image", table(7, 4, 7), table(3, 3, 8), -2.0),
        Case("a kernel of one weight", table(2, 3, 9), np.array([[-2.0]]), 3.0),
        Case("a kernel as large as the image", IMAGE, np.round(IMAGE[::-1, ::-1] / 2 - 1, 2), -4.0),
        Case("large pixels", 1e3 * table(3, 5, 10), table(2, 4, 11), 700.0),
    ],
    random_case=lambda rng: (rng.normal(size=(6, 5)), rng.normal(size=(2, 3)), float(rng.normal())),
    hints=[
        "How many times does a kernel of 2 rows fit into 3 rows? And which pixels lie under it at the place [i, j]?",
        by_hand,
        "`np.sum(image[i : i + a, j : j + b] * kernel) + bias` for i in `range(h - a + 1)`, j in `range(w - b + 1)`.",
    ],
    equivalent_mutants={"np.zeros -> np.ones": "every entry is written over"},
)


def slide(image, kernel, at):
    """`at(window)` for every place where the kernel fits, for the mistakes."""
    (h, w), (a, b) = image.shape, kernel.shape
    return np.array([[at(image[i : i + a, j : j + b]) for j in range(w - b + 1)] for i in range(h - a + 1)])


@exercise.mistake
def kernel_flipped(image, kernel, bias):
    """You turn the kernel round in both directions, as mathematicians do. Which weight lies on the upper left pixel
    here?"""
    return convolution(image, kernel[::-1, ::-1], bias)


@exercise.mistake
def kernel_upside_down(image, kernel, bias):
    """Your kernel stands upside down. Which of its rows lies on the upper row of pixels?"""
    return convolution(image, kernel[::-1], bias)


@exercise.mistake
def kernel_mirrored(image, kernel, bias):
    """Your kernel is mirrored from left to right. Which of its columns lies on the left column of pixels?"""
    return convolution(image, kernel[:, ::-1], bias)


@exercise.mistake
def one_place_too_few(image, kernel, bias):
    """You miss the last place downwards and to the right. How many times does a kernel of 2 rows fit into 3 rows?"""
    return convolution(image, kernel, bias)[:-1, :-1]


@exercise.mistake
def last_row_of_places_missed(image, kernel, bias):
    """You miss the last place downwards. How many times does a kernel of 2 rows fit into 3 rows?"""
    return convolution(image, kernel, bias)[:-1]


@exercise.mistake
def last_column_of_places_missed(image, kernel, bias):
    """You miss the last place to the right. How many times does a kernel of 3 columns fit into 4 columns?"""
    return convolution(image, kernel, bias)[:, :-1]


@exercise.mistake
def last_places_left_at_zero(image, kernel, bias):
    """Your last row and column stay 0: the result has their places, but your loops end before. Where does `range`
    end?"""
    z = convolution(image, kernel, bias)
    z[-1], z[:, -1] = 0, 0
    return z


@exercise.mistake
def padded_to_the_same_size(image, kernel, bias):
    """Your result is as large as the image: zeros were laid around it ("same"). Where does the kernel fit in as a
    whole?"""
    a, b = kernel.shape
    up, left = (a - 1) // 2, (b - 1) // 2
    return convolution(np.pad(image, ((up, a - 1 - up), (left, b - 1 - left))), kernel, bias)


@exercise.mistake
def padded_below_and_right(image, kernel, bias):
    """You let the kernel hang over the lower and the right edge. Where does it fit in as a whole?"""
    a, b = kernel.shape
    return convolution(np.pad(image, ((0, a - 1), (0, b - 1))), kernel, bias)


@exercise.mistake
def every_overlap(image, kernel, bias):
    """You also use places where only a part of the kernel lies on the image ("full"). Where does it fit in as a
    whole?"""
    a, b = kernel.shape
    return convolution(np.pad(image, ((a - 1, a - 1), (b - 1, b - 1))), kernel, bias)


@exercise.mistake
def rows_and_columns_of_the_kernel_exchanged(image, kernel, bias):
    """You take the kernel's rows for its columns. Which of the two does `shape` name first?"""
    b, a = kernel.shape
    (h, w) = image.shape
    z = np.zeros((h - a + 1, w - b + 1))
    for i in range(h - a + 1):
        for j in range(w - b + 1):
            z[i, j] = np.sum(image[i : i + a, j : j + b] * kernel) + bias
    return z


@exercise.mistake
def kernel_transposed(image, kernel, bias):
    """Your kernel is transposed: it lies on its side. What are its rows laid on?"""
    return convolution(image, kernel.T, bias)


@exercise.mistake
def result_transposed(image, kernel, bias):
    """Your result is transposed. Which of its two indices counts downwards?"""
    return convolution(image, kernel, bias).T


@exercise.mistake
def bias_forgotten(image, kernel, bias):
    """The bias is missing. What would the filter answer on a black image, where all pixels are 0?"""
    return convolution(image, kernel, 0.0)


@exercise.mistake
def bias_for_each_weight(image, kernel, bias):
    """You add the bias to every product, so it counts a times b times. Should it come before the sum or after it?"""
    return slide(image, kernel, lambda window: np.sum(window * kernel + bias))


@exercise.mistake
def bias_subtracted(image, kernel, bias):
    """You subtract the bias. What does the sum become with it?"""
    return convolution(image, kernel, -bias)


@exercise.mistake
def bias_times_the_sum(image, kernel, bias):
    """You multiply by the bias. What does the sum become with it?"""
    return convolution(image, kernel, 0.0) * bias


@exercise.mistake
def bias_at_the_first_place_only(image, kernel, bias):
    """Only the first place has the bias. To which of them is it added?"""
    z = convolution(image, kernel, 0.0)
    z[0, 0] += bias
    return z


@exercise.mistake
def mean_for_sum(image, kernel, bias):
    """You take the mean of the products. Is a neuron's answer a mean or a sum?"""
    return slide(image, kernel, lambda window: np.mean(window * kernel) + bias)


@exercise.mistake
def largest_product(image, kernel, bias):
    """You take the largest product, as pooling does. What does a filter do with all of them?"""
    return slide(image, kernel, lambda window: np.max(window * kernel) + bias)


@exercise.mistake
def matrix_product(image, kernel, bias):
    """`@` multiplies rows by columns. Each weight meets just the pixel under it: which operator does that?"""
    return slide(image, kernel, lambda window: np.sum(window @ kernel) + bias)


@exercise.mistake
def matrix_product_with_the_transposed(image, kernel, bias):
    """`@` multiplies whole rows by each other. Each weight meets just the pixel under it: which operator does that?"""
    return slide(image, kernel, lambda window: np.sum(window @ kernel.T) + bias)


@exercise.mistake
def weights_and_pixels_added(image, kernel, bias):
    """You add weights and pixels. What does a weight do to its pixel?"""
    return slide(image, kernel, lambda window: np.sum(window + kernel) + bias)


@exercise.mistake
def sums_multiplied(image, kernel, bias):
    """You multiply the sum of the pixels by the sum of the weights. What meets what, one by one, before you add?"""
    return slide(image, kernel, lambda window: np.sum(window) * np.sum(kernel) + bias)


@exercise.mistake
def window_alone(image, kernel, bias):
    """You add up the pixels; the weights play no part. What is each pixel multiplied by?"""
    return slide(image, kernel, lambda window: np.sum(window) + bias)


@exercise.mistake
def relu_at_the_end(image, kernel, bias):
    """Your negative answers are cut to 0: there is a ReLU. Is an activation asked for?"""
    return np.maximum(convolution(image, kernel, bias), 0)


@exercise.mistake
def places_beside_one_another(image, kernel, bias):
    """You move on by a whole kernel each time, so no pixel is used twice. By how much does it move here?"""
    a, b = kernel.shape
    return convolution(image, kernel, bias)[::a, ::b]


@exercise.mistake
def always_the_first_window(image, kernel, bias):
    """Every place sees the same window, the upper left one. Which rows and columns lie under the kernel at [i, j]?"""
    z = convolution(image, kernel, bias)
    return np.full(z.shape, z[0, 0])


@exercise.mistake
def row_and_column_of_the_place_exchanged(image, kernel, bias):
    """Your window begins at row j and column i. Which of the two indices counts downwards?"""
    (h, w), (a, b) = image.shape, kernel.shape
    z = np.zeros((h - a + 1, w - b + 1))
    for i in range(h - a + 1):
        for j in range(w - b + 1):
            z[i, j] = np.sum(image[j : j + a, i : i + b] * kernel) + bias
    return z


@exercise.mistake
def sums_run_on(image, kernel, bias):
    """Your sums grow from place to place: each goes on from the one before. Where does a sum begin at 0?"""
    z = convolution(image, kernel, 0.0)
    return np.cumsum(z).reshape(z.shape) + bias


@exercise.mistake
def bias_for_each_row(image, kernel, bias):
    """You add the bias once for each row of the kernel. Should it come inside that loop or after it?"""
    return convolution(image, kernel, bias * len(kernel))


@exercise.mistake
def padded_by_half_the_kernel(image, kernel, bias):
    """You lay zeros around the image, half a kernel wide, so the result is as large as the image. Where does the kernel
    fit in as a whole?"""
    (h, w), (a, b) = image.shape, kernel.shape
    return convolution(np.pad(image, ((a // 2, a // 2), (b // 2, b // 2))), kernel, bias)[:h, :w]


@exercise.mistake
def places_in_one_row(image, kernel, bias):
    """The numbers are right, but they stand in one long row. Which shape do the places on the image make?"""
    return convolution(image, kernel, bias).ravel()


@exercise.mistake
def flipped_without_bias(image, kernel, bias):
    """Two things: you turn the kernel round in both directions, and the bias is missing. Which weight lies on the
    upper left pixel here?"""
    return convolution(image, kernel[::-1, ::-1], 0.0)


@exercise.mistake
def two_pixels_at_a_time(image, kernel, bias):
    """You move on by two pixels each time. By how much does the kernel move here?"""
    return convolution(image, kernel, bias)[::2, ::2]


@exercise.mistake
def result_as_large_as_the_image(image, kernel, bias):
    """Your result has a place for each pixel, and those where the kernel does not fit stay 0. How many places are
    there?"""
    z, fits = np.zeros(image.shape), convolution(image, kernel, bias)
    z[: fits.shape[0], : fits.shape[1]] = fits
    return z
