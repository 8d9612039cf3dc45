# SPDX-License-Identifier: Apache-2.0
import os

import pytest

from environment import ALBEDO, Environment


def pytest_collection_modifyitems(items):
    if not os.path.exists(ALBEDO):
        for item in items:
            item.add_marker(pytest.mark.skip(reason=f"{ALBEDO} is not built"))


@pytest.fixture(scope="session")
def shared():
    """A cloud without a cluster, shared by all tests."""
    environment = Environment("--no-controller", "--no-cluster")
    yield environment
    environment.stop()


@pytest.fixture
def cloud(shared):
    """The shared cloud; what a test did to its account is taken back."""
    yield shared
    shared.heal()


@pytest.fixture
def fresh(cloud):
    """The shared cloud, empty."""
    cloud.control("/reset", {})
    return cloud
