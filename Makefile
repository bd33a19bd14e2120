# make run    start the server and print its address      PORT=8765 MODEL=bundled ARGS='--ranks 2'
# make test   everything that must be green: style types tests; TESTS='tests/server -k whep' runs a part
# make lock   write requirements.lock anew; make train trains the bundled model again; make bench measures it live

PORT =
MODEL =
ARGS =
TESTS =

bin = .venv/bin

.NOTPARALLEL:
.PHONY: setup run test style types tests format lock train bench

setup:
	@scripts/setup.sh

run: setup
	@exec $(bin)/fifo-live serve $(if $(PORT),--port $(PORT)) $(if $(MODEL),--model $(MODEL)) $(ARGS)

test: style types tests

style: setup
	$(bin)/ruff format --check .
	$(bin)/ruff check .

types: setup
	$(bin)/mypy

tests: setup
	$(bin)/python scripts/sealed.py $(bin)/python -m pytest $(TESTS)

format: setup
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

lock:
	scripts/lock.sh

train: setup
	$(bin)/python -m fifo_live.bundled.train $(ARGS)

bench: setup
	$(bin)/fifo-live bench live $(ARGS)
