"""Models that are loaded when the app is imported: missing ones, and large ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.finding import Finding
from adaptable_preflight.read.data_files import full_size
from adaptable_preflight.rules import missing_file, slow_import

Says = Callable[..., tuple[Finding, ...]]

HEAD = "from flask import Flask\napp = Flask(__name__)\n"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize {}\n"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("from gensim.models import KeyedVectors\nKeyedVectors.load('vectors.kv')", 1),
        ("from gensim.models import KeyedVectors\nKeyedVectors.load_word2vec_format('v.bin', binary=True)", 1),
        ("import fasttext\nfasttext.load_model('lid.176.bin')", 1),
        ("import onnxruntime as ort\nort.InferenceSession('model.onnx')", 1),
        ("import spacy\nspacy.load('./models/ner')", 1),
        ("import spacy\nspacy.load('en_core_web_sm')", 0),
        ("import whisper\nwhisper.load_model('models/small.pt')", 1),
        ("import whisper\nwhisper.load_model('base')", 0),
        ("from ultralytics import YOLO\nYOLO('best.pt')", 1),
        ("from ultralytics import YOLO\nYOLO('weights/yolov8n.pt')", 0),
        ("from ultralytics import YOLO\nYOLO('yolo11n-seg.pt')", 0),
        ("from ultralytics import YOLO\nYOLO('yolov8n.yaml')", 0),
        ("import torch\ntorch.jit.load('model.pt')", 1),
        ("import cv2\ncv2.CascadeClassifier('face.xml')", 0),
        ("import cv2\ncv2.dnn.readNetFromCaffe('deploy.prototxt', 'net.caffemodel')", 1),
    ],
)
def test_a_model_that_is_not_there(says: Says, code: str, count: int) -> None:
    assert len(says(missing_file, {"app.py": f"{HEAD}{code}\n"})) == count


LOAD = "from tensorflow.keras.models import load_model\n"


@pytest.mark.parametrize(
    ("code", "size", "count"),
    [
        (LOAD + "model = load_model('model.h5')", 154_000_000, 1),
        (LOAD + "model = load_model('model.h5')", 12_000_000, 0),
        (LOAD + "@app.get('/')\ndef index():\n    load_model('model.h5')\n    return ''", 154_000_000, 0),
        ("import joblib\nmodel = joblib.load('model.h5')", 154_000_000, 1),
        ("import pickle\nmodel = pickle.load(open('model.h5', 'rb'))", 154_000_000, 1),
        ("import pandas\ndata = pandas.read_csv('model.h5')", 154_000_000, 0),
    ],
)
def test_a_large_model(says: Says, code: str, size: int, count: int) -> None:
    found = says(slow_import, {"app.py": f"{HEAD}{code}\n", "model.h5": POINTER.format(size)})
    assert len(found) == count
    assert all("154 MB" in finding.message and "240 seconds" in finding.message for finding in found)


def test_the_size_on_disk(tmp_path: Path) -> None:
    with (tmp_path / "model.h5").open("wb") as file:
        file.truncate(120_000_000)
    assert full_size("model.h5", Checkout(str(tmp_path))) == 120_000_000
    assert full_size("nothing.h5", Checkout(str(tmp_path))) == 0
