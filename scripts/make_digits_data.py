"""Make the digits data set from scikit-learn's copy: `python scripts/make_digits_data.py`."""

import numpy as np
from sklearn.datasets import load_digits

from course_lib.data.digits import FILES

digits = load_digits()
assert digits.images.min() == 0 and digits.images.max() == 16 and (digits.images % 1 == 0).all()
FILES.mkdir(exist_ok=True)
path = FILES / "digits.npz"
np.savez_compressed(path, images=digits.images.astype("uint8"), labels=digits.target.astype("uint8"))
print(f"{path.name}: {path.stat().st_size:,} bytes")
