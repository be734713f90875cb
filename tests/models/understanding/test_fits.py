"""The fitters find what is there to be found."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.metrics.calibration import expected_calibration_error
from models.understanding.fitting.calibrate import intent_thresholds, platt
from models.understanding.fitting.logistic import Features, Loss, fit
from models.understanding.heads import sigmoid
from models.understanding.lexical import BUCKETS, Bag, bag, rarities, weigh

CHANCE = np.random.default_rng(0)
EMPTY = Bag(np.zeros(0, np.int64), np.zeros(0, np.float32))


def test_the_logistic_fit_is_the_one_of_scikit_learn() -> None:
    x = CHANCE.normal(size=(200, 5)).astype(np.float32)
    y = (x[:, 0] + 0.5 * CHANCE.normal(size=200) > 0).astype(np.float32)
    features = Features.of(x, [EMPTY] * 200, scale=1.0)
    ours = fit(features, y[:, None], np.ones(200, np.float32), l2=2.0, loss=Loss.ONE_VS_REST)
    theirs = LogisticRegression(C=0.5, tol=1e-8).fit(x, y)
    assert np.allclose(ours.weight[:5, 0].numpy(), theirs.coef_[0], atol=2e-3)


def test_one_decisive_word_is_learned_from_its_ngrams() -> None:
    texts = ["我要退货", "能退货吗", "什么时候到", "到哪里了"] * 5
    bags = [bag(text) for text in texts]
    weighed = [weigh(one, rarities(bags)) for one in bags]
    features = Features.of(np.zeros((20, 1), np.float32), weighed, scale=5.0)
    targets = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]] * 5, np.float32)
    fitted = fit(features, targets, np.ones(20, np.float32), l2=0.1, loss=Loss.SOFTMAX)
    assert (fitted.scores(features).argmax(axis=1) == targets.argmax(axis=1)).all()


def test_bags_fold_case_digits_and_width_and_stay_inside_the_buckets() -> None:
    assert bag("ORDER 123").buckets.tolist() == bag("order ４５").buckets.tolist()
    assert bag("").buckets.size == 0
    assert bag("字" * 100_000).buckets.max() < BUCKETS


def test_platt_takes_overconfidence_back() -> None:
    truth = (CHANCE.random(4000) < 0.5).astype(np.float32)
    honest = np.where(truth > 0, 1.0, -1.0) + CHANCE.normal(size=4000)
    inputs = (5.0 * honest).astype(np.float32)[:, None]
    coefficients = platt(inputs, truth, np.ones(4000, np.float32))
    calibrated = sigmoid(inputs @ coefficients[:-1] + coefficients[-1])
    assert (
        expected_calibration_error(calibrated, truth) < 0.05 < expected_calibration_error(sigmoid(inputs[:, 0]), truth)
    )


def test_thresholds_stay_in_their_bounds() -> None:
    probabilities = CHANCE.random((50, 3)).astype(np.float32)
    thresholds = intent_thresholds(probabilities, (probabilities > 0.5).astype(np.float32), np.ones(50, np.float32))
    assert ((thresholds >= 0.3) & (thresholds <= 0.6)).all()
