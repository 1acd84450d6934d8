"""Ctrl-C before anything was started."""

import runpy
import sys

import pytest


class Interrupted:
    """Finds no module, and is interrupted at one."""

    def find_spec(self, name: str, *_more: object) -> None:
        if name == "demo.running":
            raise KeyboardInterrupt


def test_ctrl_c_while_modules_are_loaded_ends_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "demo.running", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])

    with pytest.raises(SystemExit) as ended:
        runpy.run_module("demo", run_name="__main__")

    assert ended.value.code == "Stopped."
