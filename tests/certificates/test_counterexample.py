from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck.certificates.counterexample import verify_case
from sigcheck.schema.errors import SourceError, UsageError
from tests.certificates.adapter import edit


def test_a_case_is_run_alone(adapter, proofs):
    import numpy as np

    from sigcheck.verification.counterexample import pack

    Path("case.npz").write_bytes(pack({"output_0": np.zeros((1, 10), np.float32)}))
    recheck = verify_case(adapter, Path("case.npz"))
    assert recheck.holds
    assert proofs.sent[0][0].case is not None
    Path("case.npz").write_bytes(pack({"other": np.zeros((1, 10), np.float32)}))
    with pytest.raises(SourceError, match=r"case\.npz: no array 'output_0'"):
        verify_case(adapter, Path("case.npz"))
    edit(adapter)
    with pytest.raises(UsageError, match=r"somebody's program\. Run it with --run-adapter"):
        verify_case(adapter, Path("case.npz"))
