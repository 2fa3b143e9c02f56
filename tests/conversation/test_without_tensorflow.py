"""TensorFlow stays out of what serves, and in what trains."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.conversation.engine import without_tensorflow
from bot.settings import ROOT, settings


def run(code: str) -> str:
    """Return what a fresh process prints; its error fails the test."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout.strip().splitlines()[-1]


def test_a_process_that_serves_answers_without_it() -> None:
    code = f"""
import sys
from pathlib import Path
from bot.conversation.engine import Engine
engine = Engine(Path({str(settings().model)!r}))
intent = engine.understand("đăng ký khai sinh cần giấy tờ gì")["intent"]["name"]
print(intent, {{type(module).__name__ for name, module in sys.modules.items() if name.startswith("tensorflow")}})
"""
    assert run(code) == "ask_procedure_documents {'_HollowModule'}"


def test_rasa_itself_still_has_the_real_one() -> None:
    code = """
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
import tensorflow
print(tensorflow.constant([1, 2]).numpy().sum())
"""
    assert run(code) == "3"


@pytest.mark.slow
def test_a_model_that_needs_it_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(
        "recipe: default.v1\nlanguage: vi\npipeline:\n- name: WhitespaceTokenizer\n- name: CountVectorsFeaturizer\n"
        "- name: DIETClassifier\n  epochs: 1\npolicies:\n- name: RulePolicy\n"
    )
    (tmp_path / "domain.yml").write_text(
        'version: "3.1"\nintents: [greet, bye]\nresponses:\n  utter_greet: [{text: hi}]\n'
    )
    (tmp_path / "nlu.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - chào em\n    - xin chào\n'
        "- intent: bye\n  examples: |\n    - tạm biệt\n    - chào tạm biệt\n"
        "rules:\n- rule: greet\n  steps:\n  - intent: greet\n  - action: utter_greet\n"
    )
    rasa = Path(sys.executable).parent / "rasa"
    command = [str(rasa), "train", "--config", "config.yml", "--domain", "domain.yml", "--data", "nlu.yml"]
    command += ["--out", "models", "--fixed-model-name", "neural"]
    trained = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    model = tmp_path / "models" / "neural.tar.gz"
    assert model.is_file(), trained.stderr[-2_000:]  # the real TensorFlow trained it
    code = f"""
from pathlib import Path
from bot.conversation.engine import Engine, ModelError
try:
    Engine(Path({str(model)!r}))
except ModelError as error:
    print(error)
"""
    said = run(code)
    assert "DIETClassifier" in said and "TensorFlow" in said and "config.yml" in said


def test_what_is_hollow_cannot_compute() -> None:
    hollow = without_tensorflow._HollowModule("tensorflow")
    assert isinstance(hollow.keras.layers, type)
    assert hollow.function(run) is run  # as a decorator it changes nothing
    with pytest.raises(AttributeError):
        hollow.__version__  # noqa: B018
