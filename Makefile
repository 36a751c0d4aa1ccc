.DEFAULT_GOAL := help
.PHONY: help run build test bench bench-bytes bench-peers profile fuzz soak chaos types docker

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMPOSE := $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)

help: ## what can be made
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: ## start the server on 127.0.0.1:8080 with a SQLite file
	go run ./cmd/server

build: ## bin/server, a static binary
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/server ./cmd/server

test: ## install what is missing, then run every test and check
	@.ci/setup
	@.ci/test

bench: ## every benchmark
	go test -run '^$$' -bench . -benchmem ./...

bench-bytes: ## bytes on the wire, beside raw WebSockets, Socket.IO and Colyseus
	cd cmd/loadtest/peers && npm ci --no-audit --no-fund --loglevel=error
	go run ./cmd/loadtest/peers/bytes

bench-peers: ## CPU, bytes and freshness beside a bare loop, melody, ws, Socket.IO and Colyseus
	cd cmd/loadtest/peers && npm ci --no-audit --no-fund --loglevel=error
	go run ./cmd/loadtest/peers/bench

profile: ## profiles of the server under load, in profiles/
	go run ./cmd/loadtest/profile

soak: ## an hour of everything that must lose nothing (SOAK=8h for longer)
	SOAK=$${SOAK:-1h} .ci/soak

types: ## web/games/*/types.ts anew, from the Go types
	go test ./cmd/server -run Types -update

fuzz: ## every fuzz target for a minute (FUZZTIME=1h for longer)
	FUZZTIME=$${FUZZTIME:-1m} .ci/fuzz

chaos: ## kill servers under players, both databases, for ten minutes (CHAOS=1h for longer)
	@.ci/chaos

docker: ## server and PostgreSQL in containers, on port 8080
	VERSION=$(VERSION) $(COMPOSE) up --build
