"""Calls of libraries that read a file, by dotted name: which argument names it, and what else that may be."""

import re
from typing import Final

from adaptable_preflight.late_pattern import late_pattern

_WORD2VEC: Final = ("KeyedVectors", "Word2Vec", "Doc2Vec", "FastText", "LdaModel", "TfidfModel", "LsiModel")

MODELS: Final[dict[str, tuple[int, str]]] = {
    "torch.load": (0, "f"),
    "torch.jit.load": (0, "f"),
    "tensorflow.keras.models.load_model": (0, "filepath"),
    "keras.models.load_model": (0, "filepath"),
    "tensorflow.lite.Interpreter": (0, "model_path"),
    "tflite_runtime.interpreter.Interpreter": (0, "model_path"),
    # https://onnxruntime.ai/docs/api/python/api_summary.html#onnxruntime.InferenceSession
    "onnxruntime.InferenceSession": (0, "path_or_bytes"),
    # https://radimrehurek.com/gensim/models/keyedvectors.html, https://radimrehurek.com/gensim/utils.html (SaveLoad)
    **{f"gensim.models.{name}.load": (0, "fname") for name in _WORD2VEC},
    "gensim.models.KeyedVectors.load_word2vec_format": (0, "fname"),
    "gensim.models.Word2Vec.load_word2vec_format": (0, "fname"),
    "gensim.models.fasttext.load_facebook_model": (0, "path"),
    "gensim.models.fasttext.load_facebook_vectors": (0, "path"),
    # https://fasttext.cc/docs/en/python-module.html
    "fasttext.load_model": (0, "path"),
    "spacy.load": (0, "name"),
    "whisper.load_model": (0, "name"),
    "ultralytics.YOLO": (0, "model"),
    # https://docs.opencv.org/4.x/d6/d0f/group__dnn.html; a CascadeClassifier without its file raises nothing
    "cv2.dnn.readNetFromONNX": (0, "onnxFile"),
    "cv2.dnn.readNetFromTensorflow": (0, "model"),
    "cv2.dnn.readNetFromDarknet": (0, "cfgFile"),
    "cv2.dnn.readNetFromCaffe": (0, "prototxt"),
    "cv2.dnn.readNet": (0, "model"),
    "dlib.shape_predictor": (0, ""),
    "dlib.face_recognition_model_v1": (0, ""),
    "xgboost.Booster.load_model": (0, "fname"),
    "xgboost.XGBClassifier.load_model": (0, "fname"),
    "xgboost.XGBRegressor.load_model": (0, "fname"),
    "lightgbm.Booster": (99, "model_file"),
    "catboost.CatBoostClassifier.load_model": (0, "fname"),
    "catboost.CatBoostRegressor.load_model": (0, "fname"),
}
"""Calls that load a whole model from the file that they are told."""

READERS: Final[dict[str, tuple[int, str]]] = {
    **MODELS,
    "joblib.load": (0, "filename"),
    "sklearn.externals.joblib.load": (0, "filename"),
    "pandas.read_csv": (0, "filepath_or_buffer"),
    "pandas.read_json": (0, "path_or_buf"),
    "pandas.read_excel": (0, "io"),
    "pandas.read_pickle": (0, "filepath_or_buffer"),
    "pandas.read_parquet": (0, "path"),
    "numpy.load": (0, "file"),
    "numpy.loadtxt": (0, "fname"),
    "PIL.Image.open": (0, "fp"),
    "face_recognition.load_image_file": (0, "file"),
    "openpyxl.load_workbook": (0, "filename"),
    "firebase_admin.credentials.Certificate": (0, "cert"),
    "google.oauth2.service_account.Credentials.from_service_account_file": (0, "filename"),
    "oauth2client.service_account.ServiceAccountCredentials.from_json_keyfile_name": (0, "filename"),
    "gspread.service_account": (0, "filename"),
    "flask.Config.from_pyfile": (0, "filename"),
    # https://docs.streamlit.io/develop/api-reference/media: «Error opening …» where the file is not there
    **{f"streamlit.{part}{name}": (0, "") for part in ("", "sidebar.") for name in ("image", "audio", "video")},
    "streamlit.logo": (0, "image"),
    "PurePosixPath.read_text": (-1, ""),
    "PurePosixPath.read_bytes": (-1, ""),
}
"""Calls that read the file that they are told and fail without it; position -1: the receiver is the path."""

NAMES: Final[dict[str, re.Pattern[str]]] = {
    # markup is taken too
    **dict.fromkeys(("streamlit.image", "streamlit.sidebar.image", "streamlit.logo"), late_pattern(r"[^<]+\.\w+")),
    # the name of an installed package, or a path: https://spacy.io/api/top-level#spacy.load
    "spacy.load": late_pattern(r"\.{0,2}/.*|.*/.*"),
    # https://github.com/openai/whisper/blob/main/whisper/__init__.py: its own names are fetched, others are files
    "whisper.load_model": late_pattern(r".*(?:/.*|\.pt)"),
    # https://github.com/ultralytics/ultralytics/blob/main/ultralytics/utils/downloads.py fetches GITHUB_ASSETS_NAMES
    "ultralytics.YOLO": late_pattern(
        r"(?!(?:.*/)?(?:yolo|rtdetr|sam|fastsam|mobile_?sam|mobileclip|calibration)[\w.-]*$).*\.pt", re.IGNORECASE
    ),
}
"""Of calls whose argument may also name what the library fetches or has installed: how the path of a file looks."""

UNPICKLERS: Final = frozenset(
    "pickle.load dill.load cloudpickle.load joblib.load sklearn.externals.joblib.load pandas.read_pickle".split()
)
"""Calls that unpickle the file that they are told, by its path or opened."""
