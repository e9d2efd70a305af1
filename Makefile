# `make demo` and `make test` need nothing but Python 3.11+, make and a reachable package index.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SERVE  ?= 1
PORT   ?= 5000
STREET := ledgers/ganzhi
MONTH  := 2026-10

.PHONY: help demo test check-style bench faults tampering proofs numbering together handbook mutants example lock clean browser screenshots

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.ready: requirements.lock pyproject.toml
	@echo "Installing into $(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "venv failed; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@# The lock is complete and hashed; --no-deps also keeps out what the font package asks for and we do not use.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/.ready ## a month of the example street, from bank files to disclosure PDFs, then the office in the browser
	@mkdir -p out
	@exec 9>out/demo.lock; flock -n 9 || { echo "out/demo 还开着（另一个 make demo），请先按 Ctrl-C 停止它" >&2; exit 2; }; \
	  if [ "$(SERVE)" != 0 ]; then $(BIN)/python -m jiezhang.web.ports $(PORT) || exit 2; \
	    $(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || { echo "端口 $(PORT) 打不开，可能已被占用，请用 make demo PORT=5001 换一个" >&2; exit 2; }; fi; \
	  PATH="$(CURDIR)/$(BIN):$$PATH" sh docs/demo.sh $(STREET) $(MONTH) out/demo || exit; \
	  if [ "$(SERVE)" != 0 ]; then echo; JIEZHANG_HOME=out/demo/office-home exec $(BIN)/jiezhang -C out/demo/office serve --demo --port $(PORT); fi

test: $(VENV)/.ready browser check-style ## every test
	@# They wait for thousands of small files to reach the disk: in memory, where there is room and programs may run there.
	@place=$$(mktemp -d -p /dev/shm 2>/dev/null) && printf '#!/bin/sh\n' > $$place/try && chmod +x $$place/try && $$place/try 2>/dev/null && \
	  test "$$(df -k /dev/shm | awk 'END { print $$4 }')" -gt 4000000 || { rm -rf "$$place"; place=$$(mktemp -d); }; \
	  trap 'rm -rf "$$place"' EXIT; trap 'exit 130' INT TERM; \
	  TMPDIR=$$place $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=15

check-style: $(VENV)/.ready ## lint and types
	@$(BIN)/ruff check .
	@$(BIN)/mypy

browser: # tests of the pages use Chromium; install it where there is none
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  { SUDO=$$(test "$$(id -u)" = 0 || echo sudo); echo "Installing Chromium ..."; \
	    $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq chromium >/dev/null; }
	@command -v pdfsig >/dev/null && command -v certutil >/dev/null || \
	  { SUDO=$$(test "$$(id -u)" = 0 || echo sudo); echo "Installing pdfsig and certutil, which judge seals ..."; \
	    $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq poppler-utils libnss3-tools >/dev/null; }

screenshots: $(VENV)/.ready browser ## take the handbook's pictures anew, in a real browser
	@rm -f docs/handbook/images/*.png
	@JIEZHANG_SCREENSHOTS=docs/handbook/images $(BIN)/python -m pytest tests/browser/test_month_in_the_browser.py

bench: $(VENV)/.ready ## speed, each figure beside a named peer; ARGS="--compounds 4" for a small street
	@$(BIN)/python benchmarks/check_street.py $(ARGS)
	@for script in $(filter-out benchmarks/check_street.py,$(wildcard benchmarks/[a-z]*.py)); do \
	  $(BIN)/python $$script || exit 1; done

faults: $(VENV)/.ready ## 10,000 one-fen faults in a small street: how many are caught, and who is blamed
	@$(BIN)/python -m tests.faults.one_fen $(ARGS)

tampering: $(VENV)/.ready ## 10,000 tamperings with sealed months: how many verify finds; 1,000 honest variations: false alarms
	@$(BIN)/python -m tests.faults.tampering $(ARGS)

proofs: $(VENV)/.ready ## a million falsified proofs, judged by both verifiers; ARGS="--count 10000" for fewer
	@$(BIN)/python -m tests.faults.proofs --count 1000000 --js $(ARGS)

numbering: $(VENV)/.ready ## 100,000 vouchers posted by four processes at once: gaps, duplicates, broken chains
	@$(BIN)/python -m tests.faults.numbering $(ARGS)

together: $(VENV)/.ready ## eight processes work in one office for a minute and are killed at random: lost, doubled acts
	@$(BIN)/python -m tests.faults.together $(ARGS)

handbook: $(VENV)/.ready ## the handbook's chapters typed one after the other, in one shell
	@HANDBOOK=1 $(BIN)/python -m pytest tests/docs/test_examples.py -k one_after_the_other

mutants: $(VENV)/.ready ## change the rules in one place at a time: does a test notice? ARGS="approval/path" for a part
	@$(BIN)/python -m tests.mutants.run $(ARGS)

example: $(VENV)/.ready ## write the example street of ledgers/ anew
	@rm -rf $(STREET)
	@$(BIN)/jiezhang sample $(STREET) --compounds 4 --months 4 --booked 3 --sealed 3 --first 2026-07 --seed 2026

lock: ## resolve requirements.lock anew (needs uv)
	@uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url -o requirements.lock \
	  $(foreach p,matplotlib contourpy cycler fonttools kiwisolver pyparsing,--no-emit-package $(p))

clean: ## remove what make made
	@rm -rf $(VENV) out build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
