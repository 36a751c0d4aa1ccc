module tickroom

go 1.26.0

require (
	github.com/danielgtaylor/huma/v2 v2.37.2 // the REST API: OpenAPI 3.1, validation, problem+json and typed server-sent events from Go types
	github.com/evanw/esbuild v0.28.2 // bundles the page when the server starts, so that running it needs Go alone
	github.com/go-chi/chi/v5 v5.5.0 // routes HTTP
	github.com/go-chi/cors v1.2.2 // lets pages of the listed sites call the API
	github.com/go-chi/httprate v0.16.1 // limits calls by address and by player
	github.com/golang-jwt/jwt/v5 v5.3.1 // players' tokens, so that an identity provider can issue them too
	github.com/google/go-cmp v0.7.0 // tests: says where two values differ
	github.com/google/uuid v1.6.0 // ids in order of time (v7)
	github.com/gorilla/websocket v1.5.3 // what melody stands on, and the Go client's end of the socket
	github.com/jackc/pgx/v5 v5.12.0 // Postgres
	github.com/lmittmann/tint v1.2.1 // a log for eyes, on a terminal
	github.com/olahol/melody v1.4.0 // WebSockets of the channel: upgrade, control frames and close
	github.com/pressly/goose/v3 v3.29.0 // migrations, under a lock when several servers start at once
	github.com/prometheus/client_golang v1.25.0 // /metrics
	github.com/vmihailenco/msgpack/v5 v5.4.1 // encodes what is said on the channel
	go.uber.org/goleak v1.3.0 // tests: no goroutine is left behind
	golang.org/x/sys v0.49.0 // the kernel's own timer, which Go's library has no call for
	golang.org/x/time v0.16.0 // rates of the channel
	modernc.org/sqlite v1.62.0 // the default database, without cgo
	pgregory.net/rapid v1.3.0 // tests: random courses against a model, made small when they fail
)

require (
	github.com/beorn7/perks v1.0.1 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/dustin/go-humanize v1.1.0 // indirect
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	github.com/klauspost/cpuid/v2 v2.3.0 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/mfridman/interpolate v0.0.2 // indirect
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect
	github.com/ncruces/go-strftime v1.1.0 // indirect
	github.com/prometheus/client_model v0.6.3 // indirect
	github.com/prometheus/common v0.72.0 // indirect
	github.com/prometheus/procfs v0.22.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	github.com/sethvargo/go-retry v0.5.0 // indirect
	github.com/vmihailenco/tagparser/v2 v2.0.0 // indirect
	github.com/zeebo/xxh3 v1.0.2 // indirect
	go.uber.org/multierr v1.11.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
	modernc.org/libc v1.80.1 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
)
