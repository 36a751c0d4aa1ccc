package sqlstore

import (
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// FromSQL gives rows of database/sql the shape of pgx.Rows; it takes what
// QueryContext returned.
func FromSQL(rows *sql.Rows, err error) (Rows, error) {
	if err != nil {
		return nil, err
	}
	names, err := rows.Columns()
	if err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	fields := make([]pgconn.FieldDescription, len(names))
	for i, name := range names {
		fields[i].Name = name
	}
	return &sqlRows{rows: rows, fields: fields}, nil
}

// sqlRows has of pgx.Rows what reading into structs and values needs. The rest
// is about Postgres's protocol and answers that there is nothing.
type sqlRows struct {
	rows   *sql.Rows
	fields []pgconn.FieldDescription
	err    error // of Close
}

func (r *sqlRows) Next() bool                                   { return r.rows.Next() }
func (r *sqlRows) Scan(into ...any) error                       { return r.rows.Scan(into...) }
func (r *sqlRows) Err() error                                   { return errors.Join(r.rows.Err(), r.err) }
func (r *sqlRows) FieldDescriptions() []pgconn.FieldDescription { return r.fields }

func (r *sqlRows) Close() {
	if err := r.rows.Close(); err != nil {
		r.err = err
	}
}

func (r *sqlRows) CommandTag() pgconn.CommandTag { return pgconn.CommandTag{} }
func (r *sqlRows) Values() ([]any, error)        { return nil, errors.ErrUnsupported }
func (r *sqlRows) RawValues() [][]byte           { return nil }
func (r *sqlRows) Conn() *pgx.Conn               { return nil }
func (r *sqlRows) TypeMap() *pgtype.Map          { return nil }
