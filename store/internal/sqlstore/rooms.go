package sqlstore

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"tickroom/store"
)

// roomRow is a row of rooms, without who has it.
type roomRow struct {
	ID       string
	Number   int64
	Game     string
	OpenedAt int64
	Head     []byte
}

// roomColumns are those of roomRow.
const roomColumns = `id, number, game, opened_at, head`

// rowsAStatement is how many rows one statement takes, of the kinds that are
// few: see playersAStatement.
const rowsAStatement = 100

// number is how a room's chunks are found.
func number(room string) int64 {
	sum := sha256.Sum256([]byte(store.Text(room)))
	return int64(binary.BigEndian.Uint64(sum[:]))
}

// Claim takes over rooms that no server has.
func (s *Store) Claim(ctx context.Context, l store.Lease, limit int) (rooms []store.RunningRoom, err error) {
	limit = min(max(limit, 0), store.MaxClaim)
	err = s.leased(ctx, "claim rooms", l, func(ctx context.Context, tx Tx) error {
		if err := s.fenceDead(ctx, tx); err != nil {
			return err
		}
		found, err := all[roomRow](ctx, tx,
			`select `+roomColumns+` from rooms where server = '' order by freed_at, opened_at, id limit $1`+s.say.LockFree, limit)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(found, rowsAStatement) {
			var a list
			server := a.add(l.Server)
			if err := exec(ctx, tx, `update rooms set server = `+server+` where number in `+a.group(numbers(some)...), a.args...); err != nil {
				return err
			}
		}
		rooms = running(found)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return rooms, nil
}

// fenceDead ends for good the leases that have ended by the clock, of servers
// that have rooms, and frees those. A server whose row is locked is left out:
// one that froze in the middle of a write must not stop the others' rooms from
// being claimed.
func (s *Store) fenceDead(ctx context.Context, tx Querier) error {
	dead, err := values[string](ctx, tx,
		`select name from servers
		where expires_at <= `+s.say.Now+` and exists (select 1 from rooms where server = name)
		order by name`+s.say.LockFree)
	if err != nil {
		return err
	}
	for _, name := range dead {
		if err := exec(ctx, tx, `update servers set epoch = epoch + 1 where name = $1`, name); err != nil {
			return err
		}
		if err := exec(ctx, tx,
			`update rooms set server = '', freed_at = (select expires_at from servers where name = $1) where server = $1`,
			name); err != nil {
			return err
		}
	}
	return nil
}

// Rooms reads the rooms that the caller has. A claim of its own that is still
// under way is waited for.
func (s *Store) Rooms(ctx context.Context, l store.Lease) (rooms []store.RunningRoom, err error) {
	err = s.leased(ctx, "read rooms", l, func(ctx context.Context, tx Tx) error {
		found, err := all[roomRow](ctx, tx, `select `+roomColumns+` from rooms where server = $1 order by opened_at, id`, l.Server)
		rooms = running(found)
		return err
	})
	if err != nil {
		return nil, err
	}
	return rooms, nil
}

// Running lists rooms of all servers, and of none, by id.
func (s *Store) Running(ctx context.Context, after string, limit int) (rooms []store.RunningRoom, err error) {
	err = s.call(ctx, "list running rooms", func(ctx context.Context) error {
		found, err := all[roomRow](ctx, s.db, `select `+roomColumns+` from rooms where id > $1 order by id limit $2`, after, store.RunningPage(limit))
		rooms = running(found)
		return err
	})
	return rooms, err
}

// Where tells which server has a room.
func (s *Store) Where(ctx context.Context, room string) (server, address string, err error) {
	type place struct{ Server, Address string }
	var p place
	err = s.call(ctx, "find room", func(ctx context.Context) error {
		p, err = one[place](ctx, s.db,
			`select rooms.server, coalesce(servers.address, '') as address
			from rooms left join servers on servers.name = rooms.server where rooms.id = $1`, room)
		return err
	})
	return p.Server, p.Address, err
}

// openRooms adds rooms to those of a server. What is there stays as it was, and
// what has ended stays so.
func openRooms(ctx context.Context, tx Querier, server string, rooms []store.RunningRoom) error {
	for some := range slices.Chunk(rooms, rowsAStatement) {
		var match list
		ended, err := values[string](ctx, tx, `select id from matches where id in `+match.group(ids(some)...), match.args...)
		if err != nil {
			return err
		}
		var l list
		rows := make([]string, 0, len(some))
		for _, r := range some {
			if !slices.Contains(ended, store.Text(r.ID)) {
				rows = append(rows, l.group(r.ID, number(r.ID), r.Game, milli(r.OpenedAt), server, 0, blob(r.Head)))
			}
		}
		if len(rows) == 0 {
			continue
		}
		err = exec(ctx, tx,
			`insert into rooms (id, number, game, opened_at, server, freed_at, head) values `+strings.Join(rows, ", ")+
				` on conflict (id) do nothing`, l.args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// closeRooms takes rooms away with all their chunks.
func closeRooms(ctx context.Context, tx Querier, rooms []int64) error {
	for some := range slices.Chunk(rooms, rowsAStatement) {
		for _, from := range []string{`journal where room`, `rooms where number`} {
			var l list
			if err := exec(ctx, tx, `delete from `+from+` in `+l.group(anys(some)...), l.args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// own gives which of the rooms the server has. The others are no more, or else
// it is fenced: somebody has them, or may.
func own(ctx context.Context, tx Querier, server string, rooms []int64) (map[int64]bool, error) {
	has, err := values[int64](ctx, tx, `select number from rooms where server = $1`, server)
	if err != nil {
		return nil, err
	}
	owned := make(map[int64]bool, len(has))
	for _, n := range has {
		owned[n] = true
	}
	others := slices.DeleteFunc(slices.Clone(rooms), func(n int64) bool { return owned[n] })
	for some := range slices.Chunk(others, rowsAStatement) {
		var l list
		there, err := values[int64](ctx, tx, `select number from rooms where number in `+l.group(anys(some)...), l.args...)
		if err != nil {
			return nil, err
		}
		if len(there) > 0 {
			return nil, store.ErrFenced
		}
	}
	return owned, nil
}

func running(rows []roomRow) []store.RunningRoom {
	rooms := make([]store.RunningRoom, len(rows))
	for i, r := range rows {
		rooms[i] = store.RunningRoom{ID: r.ID, Game: r.Game, OpenedAt: moment(r.OpenedAt), Head: blob(r.Head)}
	}
	return rooms
}

func ids(rooms []store.RunningRoom) []any {
	ids := make([]any, len(rooms))
	for i, r := range rooms {
		ids[i] = r.ID
	}
	return ids
}

func numbers(rows []roomRow) []any {
	numbers := make([]any, len(rows))
	for i, r := range rows {
		numbers[i] = r.Number
	}
	return numbers
}

func anys(numbers []int64) []any {
	values := make([]any, len(numbers))
	for i, n := range numbers {
		values[i] = n
	}
	return values
}
