// Package postgres keeps things in PostgreSQL, shared by any number of
// servers. It owns a pool of connections; the SQL is in sqlstore.
//
// It reaches for the database when opened and then never on its own: an outage
// is the error of whoever calls meanwhile, and is over as soon as the database
// is back, without opening again.
package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"tickroom/migrations"
	"tickroom/store"
	"tickroom/store/internal/sqlstore"
)

// Store implements store.Store.
type Store struct {
	*sqlstore.Store
}

var _ store.Store = (*Store)(nil)

// Open connects to postgres://user:password@host:port/database?options and
// brings its schema up to date. Several servers may open one database at once.
// Its errors are one line and never hold the password.
func Open(ctx context.Context, url string) (*Store, error) {
	config, err := parse(url)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	pool, err := connect(ctx, config, migrations.Postgres)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	return &Store{sqlstore.New(db{pool}, dialect)}, nil
}

// OpenToRead connects to a database as it is: what would write fails with
// store.ErrReadOnly, and Postgres would not let it. A schema that this build
// does not know is a migrations.ErrOtherSchema. A copy that only follows another
// database (a standby) serves as well.
func OpenToRead(ctx context.Context, url string) (*Store, error) {
	config, err := parse(url)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	config.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	pool, err := connect(ctx, config, migrations.CheckPostgres)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	return &Store{sqlstore.New(sqlstore.ReadOnly{DB: db{pool}}, dialect)}, nil
}

// connect makes a pool whose server answers, and sees to the schema.
func connect(ctx context.Context, config *pgxpool.Config, schema func(context.Context, *sql.DB) error) (*pgxpool.Pool, error) {
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, oneLine(err)
	}
	if err := prepare(ctx, pool, schema); err != nil {
		pool.Close()
		return nil, oneLine(err)
	}
	return pool, nil
}

func prepare(ctx context.Context, pool *pgxpool.Pool, schema func(context.Context, *sql.DB) error) error {
	reach, cancel := context.WithTimeout(ctx, pool.Config().ConnConfig.ConnectTimeout)
	defer cancel()
	if err := pool.Ping(reach); err != nil {
		return err
	}
	ctx, cancel = context.WithTimeout(ctx, migrateTimeout)
	defer cancel()
	shared := stdlib.OpenDBFromPool(pool)
	defer shared.Close() // the pool stays open
	return schema(ctx, shared)
}

func parse(address string) (*pgxpool.Config, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		// What is wrong with it could quote a piece of the password.
		return nil, fmt.Errorf("the URL must be like postgres://user:password@host:5432/database, with other characters than letters and digits in the password percent-encoded")
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("the URL is not valid: %s", withoutPassword(err.Error(), u))
	}
	if t := config.ConnConfig.ConnectTimeout; t == 0 || t > connectTimeout {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	if !u.Query().Has("pool_max_conns") {
		config.MaxConns = maxConns
	}
	if _, set := config.ConnConfig.RuntimeParams["application_name"]; !set {
		config.ConnConfig.RuntimeParams["application_name"] = "tickroom"
	}
	config.PingTimeout = pingTimeout
	return config, nil
}

func withoutPassword(text string, u *url.URL) string {
	password, _ := u.User.Password()
	for _, secret := range []string{password, u.Query().Get("password"), u.Query().Get("sslpassword")} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "xxxxx")
			text = strings.ReplaceAll(text, url.QueryEscape(secret), "xxxxx")
		}
	}
	return text
}

// oneLine makes one line of an error: pgx has a line for each try at each
// address, and says the same of a try with TLS and one without.
func oneLine(err error) error {
	lines := strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\t' })
	var text strings.Builder
	text.WriteString(lines[0])
	for i, line := range lines[1:] {
		if !slices.Contains(lines[:i+1], line) {
			text.WriteString(" " + line)
		}
	}
	return &lineError{text.String(), err}
}

type lineError struct {
	text string
	err  error
}

func (e *lineError) Error() string { return e.text }
func (e *lineError) Unwrap() error { return e.err }
