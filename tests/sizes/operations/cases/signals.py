from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def same(op):
    def case(draw):
        rank = int(op[-2]) if op[-2].isdecimal() else 1
        return getattr(raw, op)(input=draw.tensor(draw.shape(rank + draw.integer(0, 1)), "complex64"))

    return case


def real(op):
    def case(draw):
        rank = int(op[-2]) if op[-2].isdecimal() else 1
        x = draw.tensor(draw.shape(rank + draw.integer(0, 1)), "complex64" if op.startswith("I") else "float32")
        lengths = draw.choice([draw.whole(draw.integers(rank, 1, 6)), tf.shape(x)[-rank:], tf.shape(x)[-rank:] + 1])
        return getattr(raw, op)(input=x, fft_length=lengths)

    return case


CASES = {
    **{op: same(op) for op in ("FFT", "IFFT", "FFT2D", "IFFT2D", "FFT3D", "IFFT3D")},
    **{op: real(op) for op in ("RFFT", "IRFFT", "RFFT2D", "IRFFT2D", "RFFT3D", "IRFFT3D")},
}
