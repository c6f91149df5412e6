# Polyphony. `make help` lists what there is to make.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Node 24 comes with the dependencies, whatever the machine has.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
NAME ?=
PART ?=
SEED ?=
ONLY ?=
FAULT ?=
PLAN ?=

.PHONY: help
help: ## this list
	@echo "Polyphony: every organization its own running copy of an application."
	@echo
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "CLUSTER=local (default), kind or current says which Kubernetes is meant."

# Not `npm ci`: it refuses a lock file in which the packages of some platform are missing because a registry's copy lags
# behind. `npm install` keeps to the locked versions all the same, and --no-save leaves the lock file as it is.
node_modules/.package-lock.json: package.json package-lock.json
	@echo "▸ installing npm packages" >&2
	@npm install --no-save --no-audit --no-fund --loglevel=error >&2 || { echo "npm install failed: check that the npm registry can be reached, then run make again." >&2; exit 1; }
	@touch $@

.PHONY: deps
deps: node_modules/.package-lock.json

## ── running ─────────────────────────────────────────────────────────────────────────────────────────────────────────
.PHONY: demo
demo: deps ## a real cluster, the chart, and two organizations' vaults that answer
	@node demo/demo.ts

.PHONY: env
env: deps ## shell assignments for people and scripts: eval "$(make -s env)"
	@node cluster/env.ts

.PHONY: cluster-up cluster-down cluster-status cluster-logs
cluster-up: deps ## only the Kubernetes cluster
	@node cluster/up.ts
cluster-down: deps ## stop the cluster, keep nothing running
	@node cluster/down.ts
cluster-status: deps ## what runs, and who holds the machine
	@node cluster/status.ts
cluster-logs: deps ## logs of the cluster's parts; PART=kubelet for one
	@node cluster/logs.ts $(PART)

.PHONY: images
images: deps ## build the images and give them to the cluster
	@node cluster/images.ts

.PHONY: cli
cli: deps ## the command line as one executable, and how to have it in PATH
	@node build.ts cli >&2
	@echo 'export PATH="$(CURDIR)/dist/cli:$$PATH"   # polyphony, and kubectl polyphony'

.PHONY: down
down: deps ## stop everything that make demo started: no process, mount or bridge stays
	@node cluster/down.ts

.PHONY: clean
clean: ## remove what was built here and the cache of tools
	@if [ -d node_modules ]; then node cluster/down.ts && node cluster/clean.ts; fi
	@rm -rf dist coverage node_modules

## ── checking ────────────────────────────────────────────────────────────────────────────────────────────────────────
.PHONY: test
test: deps ## everything: checks, unit, integration, faults and end-to-end tests
	@node test/run.ts check unit integration faults e2e

.PHONY: check
check: deps ## format, lint, types, boundaries, generated files, dead code, unit tests
	@node test/run.ts check unit

.PHONY: test-unit test-integration test-faults test-e2e
test-unit: deps ## unit tests, in seconds
	@node test/run.ts unit
test-integration: deps ## against a real API server and a real PostgreSQL
	@node test/run.ts integration
test-faults: deps ## a seeded part of the fault suite, in at most six minutes
	@node test/run.ts faults
test-e2e: deps ## against the demo installation, in a real browser
	@node test/run.ts e2e

.PHONY: faults
faults: deps ## every operation cut off at every write: ONLY=create FAULT=kill SEED=7 PLAN=file; writes docs/faults.md
	@node test/faults/run.ts --seed "$(SEED)" --only "$(ONLY)" --fault "$(FAULT)" --plan "$(PLAN)"

.PHONY: bench bench-quick
bench: deps ## all benchmarks, or one: make bench NAME=app-boot
	@node test/bench/run.ts $(NAME)
bench-quick: deps ## a short pass of each in about five minutes; publishes nothing
	@node test/bench/run.ts $(NAME) --quick

.PHONY: fuzz
fuzz: deps ## every route of the control API with requests of all kinds, from its OpenAPI document: EXAMPLES=100 SEED=7
	@node test/fuzz/run.ts --examples "$(or $(EXAMPLES),100)" $(if $(SEED),--seed "$(SEED)")

.PHONY: isolation
isolation: deps ## one vault against another, the platform and the cluster; writes docs/isolation.md
	@node test/isolation/run.ts

.PHONY: generate
generate: deps ## CRDs, RBAC and references from their one source
	@npm run --silent generate

.PHONY: format
format: deps ## format all files
	@npm run --silent format
