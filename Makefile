# The tasks of the project. `make help` lists them; each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := $(VENV)/.installed-console
RUNTIME := $(VENV)/.runtime
STAMP := $(VENV)/.installed

# timed WHAT,COMMAND: print what runs and how long it took; the exit status is the command's.
define timed
@echo "→ $(1)"; began=$$(date +%s); $(2); status=$$?; echo "  took $$(( $$(date +%s) - began )) s"; exit $$status
endef

.DEFAULT_GOAL := help
.PHONY: report-figures proof proof-kills proof-faults proof-races proof-files proof-load proof-upgrades proof-fuzz attack-table help install lock console console-client console-figures console-pictures console-test demo serve test fuzz payloads walk tamper hostile canaries lint figures format migration picture integrity-table credit-table docs sbom licences clean

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

install: $(STAMP) ## set up .venv from the hashed lock

# The runtime packages are installed first: the demo needs nothing else. Tests and linters add theirs.
$(RUNTIME): requirements/runtime.lock
	@$(PYTHON) scripts/install.py $(VENV) runtime
	@touch $(RUNTIME)

# Node, which builds the console, is installed as a wheel.
$(NODE): requirements/console.lock $(RUNTIME)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/console.lock
	@touch $(NODE)

$(STAMP): requirements/dev.lock pyproject.toml $(RUNTIME)
	@$(PYTHON) scripts/install.py $(VENV) dev
	@touch $(STAMP)

lock: ## renew the hashed locks (needs uv)
	uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-annotate -q pyproject.toml -o requirements/runtime.lock
	uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-annotate -q pyproject.toml --group dev -o requirements/dev.lock
	uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-annotate -q --group console -o requirements/console.lock

console: $(NODE) ## build the console into the application if its sources have changed
	$(BIN)/python scripts/console.py build

console-test: $(STAMP) console ## run the console's tests, and its flows in Chromium, which is installed if missing
	command -v chromium >/dev/null || (apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium fonts-noto-cjk)
	$(BIN)/pytest -n 0 tests/console

console-figures: console ## write what each page of the console loads into docs/console.md
	$(BIN)/python scripts/console.py figures

console-pictures: $(STAMP) console ## take the console's screenshots, and replace the three in docs/
	SHOTS=shots $(BIN)/pytest -n 0 tests/console/test_flows.py -k pages
	cp console/shots/zh-officer-matrix.png docs/console-matrix.png
	cp console/shots/zh-officer-bidders-ORGANIZATION.png docs/console-dossier.png
	cp console/shots/zh-officer-lots-LOT.png docs/console-ranking.png

console-client: $(STAMP) ## generate the console's typed client from the API
	$(BIN)/python scripts/console.py client

demo: $(NODE) ## run the whole procedure on the sample tender over HTTP and print the result
	$(BIN)/python scripts/console.py build --optional
	$(call timed,the sample tender over HTTP: takes some minutes,$(BIN)/bidscreen demo --out demo)

serve: $(NODE) ## serve the console and the API on the demo's data
	@test -f demo/data/.demo || { echo 'There is no demo data yet: run "make demo" first (or "bidscreen init DIR" for an instance of your own).'; exit 1; }
	$(BIN)/python scripts/console.py build --optional
	BIDSCREEN_DATA_DIR=demo/data BIDSCREEN_COOKIE_SECURE=false $(BIN)/bidscreen serve

test: $(STAMP) ## run the test suite, including the console in a browser if Chromium is found
	$(BIN)/python scripts/console.py build --optional
	@command -v chromium >/dev/null || echo 'Chromium was not found: the console flows are SKIPPED (make console-test installs it)'
	$(call timed,the test suite: some minutes,$(BIN)/pytest -n 2)

fuzz: $(STAMP) ## send generated requests to every operation, many more than in the suite
	TEST_FUZZ_EXAMPLES=400 $(BIN)/pytest -n 2 tests/system/test_openapi.py

payloads: $(STAMP) ## send every payload through every text field, and into every export
	TEST_PAYLOAD_STEPS=38 $(BIN)/pytest -n 2 tests/system/payloads

walk: $(STAMP) ## take random steps through the whole procedure, 12,000 on each database
	TEST_WALK_STEPS=12000 $(BIN)/pytest -n 2 tests/system/test_procedure_walk.py

tamper: $(STAMP) ## tamper with an audit trail 100,000 times: each change is found and located
	TEST_TAMPERINGS=100000 $(BIN)/pytest -n 2 tests/platform/audit/test_tampering.py -k every_tampering

PROOF := $(BIN)/python -W ignore -m proof
proof: $(STAMP) ## the short form of all proofs under fire: kills, faults, races, files, load, upgrades, fuzz
	$(call timed,proofs under fire: some minutes,$(PROOF))

N ?= 2000
proof-kills: $(STAMP) ## kill service, worker and group N=2000 times during every act, on both databases
	$(PROOF).kills --rounds $(N)

proof-faults: $(STAMP) ## fail every call to the kernel, fill the disk, stop the database, spoil the store, move the clock
	$(PROOF).faults

ROUNDS ?= 10000
proof-races: $(STAMP) ## let two or more act at once, ROUNDS=10000 times each
	$(PROOF).races --rounds $(ROUNDS) --worlds 300

MUTATIONS ?= 20000
proof-files: $(STAMP) ## upload every file of CORPUS=DIR under every claimed type; without one, 20,000 damaged files
	$(PROOF).files $(if $(CORPUS),--corpus $(CORPUS),--hostile --mutations $(MUTATIONS))

proof-load: $(STAMP) ## 100 requests/s for 10 minutes, then 2,000 bids in the last minute before a deadline
	$(PROOF).load --seconds 600

proof-upgrades: $(STAMP) ## take both databases down and up with data, killed at every step
	$(PROOF).upgrades

proof-fuzz: $(STAMP) ## give 20,000 arbitrary and damaged inputs to each parser of untrusted bytes
	$(PROOF).parsers

attack-table: $(STAMP) ## measure who finds changed decisions and tampered openings, into docs/audit.md
	WRITE_TABLES=1 $(BIN)/pytest -q -n 0 tests/administration/trail/test_attacks.py tests/tendering/envelopes/test_tampered_openings.py

hostile: $(STAMP) ## upload hundreds of broken and hostile files while polling the health check
	TEST_HOSTILE_FILES=400 $(BIN)/pytest -n 2 tests/evidence/reading/test_hostile.py

canaries: $(STAMP) ## plant 1,000 ID numbers and search for each of them everywhere
	TEST_CANARIES=1000 $(BIN)/pytest tests/system/test_canary_numbers.py

lint: $(STAMP) ## check formatting, types, import contracts, house rules, wording, form of new commits
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/house_rules.py
	$(BIN)/python scripts/commit_form.py
	$(BIN)/python scripts/wording.py

figures: $(STAMP) ## print the figures of the project: layout, imports, tests, pages, size
	@$(BIN)/python scripts/figures.py

format: $(STAMP) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

migration: $(STAMP) ## regenerate the initial migration from the tables
	$(BIN)/python scripts/make_migration.py

picture: $(STAMP) ## redraw docs/demo.svg from a run of the demo
	$(BIN)/python scripts/picture.py

integrity-table: $(STAMP) ## measure the integrity leads on seeded tenders, into docs/integrity.md
	$(BIN)/python scripts/integrity_table.py

report-figures: $(STAMP) ## time the papers of a large tender, write the figures into docs/reports.md
	$(BIN)/python benchmarks/reports.py

ENTRIES ?= 1000000
credit-table: $(STAMP) ## measure the matching of credit lists (ENTRIES=1000000), into docs/credit-matching.md
	cd benchmarks && ../$(BIN)/python credit.py --entries $(ENTRIES) --peer --write ../docs/credit-matching.md

docs: $(STAMP) ## generate the reference pages from the code
	$(BIN)/python scripts/document.py

sbom: $(STAMP) ## write the bill of materials (CycloneDX) of the runtime dependencies into dist/
	$(BIN)/python scripts/sbom.py

licences: $(STAMP) ## list the licences of the runtime dependencies; fails on one that is not allowed
	$(BIN)/python scripts/licences.py

clean: ## remove generated files
	rm -rf $(VENV) demo dist build .mypy_cache .ruff_cache .coverage*
