# 常用命令：make repro（从原始答卷到网页）  make test（全部测试）
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: setup repro check test simulate fuzz real-files bench lock clean

setup:
	@$(PYTHON) bootstrap.py

repro: setup
	@dvc repro
	@diaoyan summary

check: setup
	ruff check .
	ruff format --check .
	mypy
	lint-imports

test: setup
	pytest -n 2 --dist loadfile

simulate: setup
	DIAOYAN_SIMULATIONS=4000 pytest -n 2 --dist loadfile -k "coverage or simulation"
	diaoyan trials --programmes 400

fuzz: setup
	DIAOYAN_FUZZ=2000 pytest -n 2 -k fuzz tests/real_files
	DIAOYAN_FUZZ=5000 pytest -n 2 -k fuzz tests/questionnaire tests/importers

real-files: setup
	python -m tests.real_files ../shared/samples

bench: setup
	python -m benchmarks

lock:
	uv pip compile --universal --generate-hashes --python-version 3.11 --group dev --no-emit-index-url --custom-compile-command "make lock" --upgrade pyproject.toml -o requirements.lock

clean:
	rm -rf .venv build data/processed reports .pytest_cache .mypy_cache .ruff_cache
