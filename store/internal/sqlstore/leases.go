package sqlstore

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"tickroom/store"
)

// forgetAfter is how long a server that is gone is remembered. Names may be
// made anew with each process; epochs begin at the clock, so that one who comes
// again after this is still above all who had its name.
const forgetAfter = 24 * time.Hour

// Enlist makes the caller the server of that name. The row is locked by what
// raises its epoch, so a write of the older process is waited for, and its room
// is among those that are freed.
func (s *Store) Enlist(ctx context.Context, server, address string, length time.Duration) (store.Lease, error) {
	l := store.Lease{Server: store.Text(server), Length: length}
	err := s.write(ctx, "enlist", func(ctx context.Context, tx Tx) error {
		epoch, err := value[int64](ctx, tx,
			`insert into servers (name, address, epoch, expires_at) values ($1, $2, `+s.say.Now+`, `+s.say.Now+` + $3)
			on conflict (name) do update set address = excluded.address, epoch = servers.epoch + 1, expires_at = `+s.say.Now+` + $3, reported = false
			returning epoch`,
			l.Server, address, length.Milliseconds())
		if err != nil {
			return err
		}
		l.Epoch = uint64(epoch)
		if err := s.free(ctx, tx, l.Server); err != nil {
			return err
		}
		if err := s.forget(ctx, tx); err != nil {
			return err
		}
		return s.forgetCards(ctx, tx, l.Server)
	})
	if err != nil {
		return store.Lease{}, err
	}
	return l, nil
}

// forget takes away servers that are long gone.
func (s *Store) forget(ctx context.Context, tx Querier) error {
	return exec(ctx, tx,
		`delete from servers where name in (
			select name from servers
			where expires_at < `+s.say.Now+` - $1 and not exists (select 1 from rooms where server = name)`+s.say.LockFree+`
		)`,
		forgetAfter.Milliseconds())
}

// Renew makes a lease last its length again from now on. Whoever claims from a
// server raises its epoch: one that has ended and was let be is good again.
func (s *Store) Renew(ctx context.Context, l store.Lease) error {
	return s.write(ctx, "renew lease", func(ctx context.Context, tx Tx) error {
		_, err := value[string](ctx, tx,
			`update servers set expires_at = `+s.say.Now+` + $3 where name = $1 and epoch = $2 returning name`,
			l.Server, int64(l.Epoch), l.Length.Milliseconds())
		if errors.Is(err, pgx.ErrNoRows) {
			return store.ErrFenced
		}
		return err
	})
}

// Release lets others claim all rooms of the caller, and ends the lease.
func (s *Store) Release(ctx context.Context, l store.Lease) error {
	return s.leased(ctx, "release rooms", l, func(ctx context.Context, tx Tx) error {
		if err := s.free(ctx, tx, l.Server); err != nil {
			return err
		}
		return exec(ctx, tx, `update servers set epoch = epoch + 1, expires_at = `+s.say.Now+` where name = $1`, l.Server)
	})
}

// free lets others claim a server's rooms from now on.
func (s *Store) free(ctx context.Context, tx Querier, server string) error {
	return exec(ctx, tx, `update rooms set server = '', freed_at = `+s.say.Now+` where server = $1`, server)
}

// leased runs a transaction under a lease.
func (s *Store) leased(ctx context.Context, what string, l store.Lease, do func(context.Context, Tx) error) error {
	return s.write(ctx, what, func(ctx context.Context, tx Tx) error {
		if err := s.hold(ctx, tx, l); err != nil {
			return err
		}
		return do(ctx, tx)
	})
}

// hold locks the row of a lease's server until the transaction ends, and fails
// with ErrFenced unless the lease is good.
func (s *Store) hold(ctx context.Context, tx Querier, l store.Lease) error {
	return s.judge(ctx, tx, l, s.say.Lock)
}

// judge fails with ErrFenced unless a lease is good. The row is judged outside
// the select that locks it: after the wait for whoever had it, not before.
func (s *Store) judge(ctx context.Context, tx Querier, l store.Lease, lock string) error {
	good, err := value[bool](ctx, tx,
		`select epoch = $2 and expires_at > `+s.say.Now+` from (
			select epoch, expires_at from servers where name = $1`+lock+`
		) as lease`,
		l.Server, int64(l.Epoch))
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if !good {
		return store.ErrFenced
	}
	return nil
}
