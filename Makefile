# SPDX-License-Identifier: Apache-2.0
# The two commands: `make demo` shows Albedo at work, `make test` proves it. Both install what is missing.

SWIFT ?= swift
# Package traits for `make test` and `make build`, besides the usual ones: TRAITS=QUIC adds HTTP/3 on sockets.
TRAITS ?=
WITH_TRAITS := $(if $(TRAITS),--traits $(TRAITS))
# Tests on real sockets have a process of their own: beside all others their connections wait for minutes.
SOCKETS := ^(ConformanceTests|ServingTests)\.
ALBEDO := .build/release/albedo

.PHONY: demo test client-tests page build simulator tools lint format determinism benchmark clean

# The shortest way to a verdict: without the libraries for sockets, which scenarios do not need, and without the
# optimiser, which takes twice as long as it saves here. It runs the lessons; `make simulator` builds the fast program,
# which runs everything in scenarios/.
demo: tools
	$(SWIFT) build --product albedo --disable-default-traits
	.build/debug/albedo run scenarios/[0-9]*.yaml

test: tools lint
	$(SWIFT) build --build-tests $(WITH_TRAITS)
	$(SWIFT) test --skip-build $(WITH_TRAITS) --skip '$(SOCKETS)'
	$(SWIFT) test --skip-build $(WITH_TRAITS) --filter '$(SOCKETS)'
	scripts/client-tests

# Real clients (kubectl, the official Python client, SDKs) against `albedo serve`.
# ALBEDO_SKIP="Kubernetes Cloud" leaves suites out by name; ALBEDO_SKIP=Tests leaves all of them out.
client-tests:
	$(SWIFT) build --product albedo $(WITH_TRAITS)
	scripts/client-tests

build: tools
	$(SWIFT) build -c release --product albedo $(WITH_TRAITS)

simulator: tools
	$(SWIFT) build -c release --product albedo --disable-default-traits

# SQLite's header is the one thing that a Debian machine with Swift lacks; QUIC wants libraries of its own.
tools:
	@scripts/install-tools $(TRAITS)

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

format:
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

# Every scenario twice, in two processes: the digests must agree.
determinism: simulator
	scripts/check-determinism $(ALBEDO) scenarios

# The HTML page in headless Chromium: lanes, clicks, and the pictures of docs/pictures.
page: simulator
	@scripts/install-tools PAGE
	scripts/check-page $(ALBEDO)

benchmark: simulator
	$(ALBEDO) benchmark

clean:
	rm -rf .build out
