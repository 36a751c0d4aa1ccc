package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tickroom/store"
)

// serversAStatement is how many servers one select asks for their cards: SQLite
// takes 500 parts of a select.
const serversAStatement = 100

// serverRow is a row of servers as others see it.
type serverRow struct {
	Name    string
	Address string
	Public  string
	Load    int
	Full    bool
}

// lessee is a server under one of its leases.
type lessee struct {
	Name  string
	Epoch int64
}

// Report tells the others how the caller is.
func (s *Store) Report(ctx context.Context, l store.Lease, r store.Server) error {
	return s.write(ctx, "report", func(ctx context.Context, tx Tx) error {
		_, err := value[string](ctx, tx,
			`update servers set address = $3, public = $4, load = $5, "full" = $6, reported = true
			where name = $1 and epoch = $2 and expires_at > `+s.say.Now+` returning name`,
			l.Server, int64(l.Epoch), r.Address, r.Public, r.Load, r.Full)
		if errors.Is(err, pgx.ErrNoRows) {
			return store.ErrFenced
		}
		return err
	})
}

// Servers lists those whose lease is good and that have reported. They are put
// in order here, since databases have their own ways with names.
func (s *Store) Servers(ctx context.Context) (found []store.Server, err error) {
	err = s.call(ctx, "list servers", func(ctx context.Context) error {
		rows, err := all[serverRow](ctx, s.db,
			`select name, address, public, load, "full" from servers where reported and expires_at > `+s.say.Now)
		found = make([]store.Server, len(rows))
		for i, r := range rows {
			found[i] = store.Server(r)
		}
		return err
	})
	slices.SortFunc(found, func(a, b store.Server) int { return strings.Compare(a.Name, b.Name) })
	return found, err
}

// Cards lists the newest rooms first. Each server's are found by themselves, so
// that it matters neither how many cards the dead have left, nor how many there
// are of the one that is not asked for.
func (s *Store) Cards(ctx context.Context, q store.CardQuery) (found []store.Card, err error) {
	err = s.call(ctx, "list cards", func(ctx context.Context) error {
		living, err := all[lessee](ctx, s.db,
			`select name, epoch from servers where ($1 = '' or name <> $1) and expires_at > `+s.say.Now, q.NotServer)
		if err != nil {
			return err
		}
		found = []store.Card{}
		for some := range slices.Chunk(living, serversAStatement) {
			sql, args := s.cardsQuery(some, q)
			rows, err := all[cardRow](ctx, s.db, sql, args...)
			if err != nil {
				return err
			}
			for _, r := range rows {
				c, err := r.card()
				if err != nil {
					return err
				}
				found = append(found, c)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b store.Card) int { return strings.Compare(b.Room, a.Room) })
	return found[:min(len(found), q.Page())], nil
}

// cardsQuery writes the select: a part for each server, and in it only what
// restricts, so that each database finds the index for it.
func (s *Store) cardsQuery(servers []lessee, q store.CardQuery) (sql string, args []any) {
	var l list
	var where []string
	if q.Room != "" {
		where = append(where, "number = "+l.add(number(q.Room)))
	}
	for _, is := range []struct{ column, value string }{
		{"code", q.Code}, {"game", q.Game}, {"status", q.Status}, {"terms", q.Terms},
	} {
		if is.value != "" {
			where = append(where, is.column+" = "+l.add(is.value))
		}
	}
	if q.Player != "" {
		where = append(where, "number "+fmt.Sprintf(s.say.Few, "select card from card_players where player = "+l.add(q.Player)))
	}
	if q.Listed {
		where = append(where, "listed")
	}
	if q.Joinable {
		where = append(where, "joinable")
	}
	if q.Before != "" {
		where = append(where, "room < "+l.add(q.Before))
	}
	limit := l.add(q.Page())
	parts := make([]string, len(servers))
	for i, server := range servers {
		of := append([]string{"server = " + l.add(server.Name), "epoch = " + l.add(server.Epoch)}, where...)
		parts[i] = "select * from (select " + cardColumns + " from cards" + whereAll(of) + " order by room desc limit " + limit + ") as page"
	}
	return strings.Join(parts, " union all ") + " order by room desc limit " + limit, l.args
}
