# SPDX-License-Identifier: Apache-2.0
# The two commands: `make demo` shows Albedo at work, `make test` proves it. Both install what is missing.

SWIFT ?= swift
ALBEDO := .build/release/albedo

.PHONY: demo test build tools lint format determinism benchmark clean

demo: build
	$(ALBEDO) run scenarios

test: tools lint
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

build: tools
	$(SWIFT) build -c release --product albedo

# SQLite's header is the one thing that a Debian machine with Swift lacks.
tools:
	@scripts/install-tools

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

format:
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

# Every scenario twice, in two processes: the digests must agree.
determinism: build
	scripts/check-determinism $(ALBEDO) scenarios

benchmark: build
	$(ALBEDO) benchmark

clean:
	rm -rf .build out
