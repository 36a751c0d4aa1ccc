package storetest

import (
	"context"
	"time"

	"tickroom/store"
)

// Failing is a store whose calls fail when a test says so. Its hooks are told
// the method by name ("SaveMatch"); nil hooks fail nothing. A hook may wait,
// as a database does that hangs; it is given the call's context to end with.
// Close never fails and is told to no hook.
type Failing struct {
	store.Store

	// Before decides ahead of the call. Its error is the answer, and nothing
	// was done: the database was away.
	Before func(ctx context.Context, method string) error
	// After decides when the call was done and went well. Its error is the
	// answer all the same: it was done, and the word of it was lost.
	After func(ctx context.Context, method string) error
}

func do[T any](ctx context.Context, f *Failing, method string, call func() (T, error)) (T, error) {
	var none T
	if f.Before != nil {
		if err := f.Before(ctx, method); err != nil {
			return none, err
		}
	}
	v, err := call()
	if err != nil {
		return none, err
	}
	if f.After != nil {
		if err := f.After(ctx, method); err != nil {
			return none, err
		}
	}
	return v, nil
}

func doOnly(ctx context.Context, f *Failing, method string, call func() error) error {
	_, err := do(ctx, f, method, func() (struct{}, error) { return struct{}{}, call() })
	return err
}

func (f *Failing) SavePlayer(ctx context.Context, p store.Player) error {
	return doOnly(ctx, f, "SavePlayer", func() error { return f.Store.SavePlayer(ctx, p) })
}

func (f *Failing) Player(ctx context.Context, id string) (store.Player, error) {
	return do(ctx, f, "Player", func() (store.Player, error) { return f.Store.Player(ctx, id) })
}

func (f *Failing) SaveMatch(ctx context.Context, m store.Match) error {
	return doOnly(ctx, f, "SaveMatch", func() error { return f.Store.SaveMatch(ctx, m) })
}

func (f *Failing) Match(ctx context.Context, id string) (store.Match, error) {
	return do(ctx, f, "Match", func() (store.Match, error) { return f.Store.Match(ctx, id) })
}

func (f *Failing) Matches(ctx context.Context, q store.MatchQuery) ([]store.Match, error) {
	return do(ctx, f, "Matches", func() ([]store.Match, error) { return f.Store.Matches(ctx, q) })
}

func (f *Failing) MatchLog(ctx context.Context, id string) ([]byte, error) {
	return do(ctx, f, "MatchLog", func() ([]byte, error) { return f.Store.MatchLog(ctx, id) })
}

func (f *Failing) Secret(ctx context.Context, name string, fresh []byte) ([]byte, error) {
	return do(ctx, f, "Secret", func() ([]byte, error) { return f.Store.Secret(ctx, name, fresh) })
}

func (f *Failing) Enlist(ctx context.Context, server, address string, length time.Duration) (store.Lease, error) {
	return do(ctx, f, "Enlist", func() (store.Lease, error) { return f.Store.Enlist(ctx, server, address, length) })
}

func (f *Failing) Renew(ctx context.Context, l store.Lease) error {
	return doOnly(ctx, f, "Renew", func() error { return f.Store.Renew(ctx, l) })
}

func (f *Failing) Claim(ctx context.Context, l store.Lease, limit int) ([]store.RunningRoom, error) {
	return do(ctx, f, "Claim", func() ([]store.RunningRoom, error) { return f.Store.Claim(ctx, l, limit) })
}

func (f *Failing) Rooms(ctx context.Context, l store.Lease) ([]store.RunningRoom, error) {
	return do(ctx, f, "Rooms", func() ([]store.RunningRoom, error) { return f.Store.Rooms(ctx, l) })
}

func (f *Failing) Where(ctx context.Context, room string) (server, address string, err error) {
	err = doOnly(ctx, f, "Where", func() error { server, address, err = f.Store.Where(ctx, room); return err })
	return server, address, err
}

func (f *Failing) Chunks(ctx context.Context, room string) ([]store.Chunk, error) {
	return do(ctx, f, "Chunks", func() ([]store.Chunk, error) { return f.Store.Chunks(ctx, room) })
}

func (f *Failing) History(ctx context.Context, room string) ([]store.Chunk, error) {
	return do(ctx, f, "History", func() ([]store.Chunk, error) { return f.Store.History(ctx, room) })
}

func (f *Failing) Running(ctx context.Context, after string, limit int) ([]store.RunningRoom, error) {
	return do(ctx, f, "Running", func() ([]store.RunningRoom, error) { return f.Store.Running(ctx, after, limit) })
}

func (f *Failing) Write(ctx context.Context, l store.Lease, b store.Batch) error {
	return doOnly(ctx, f, "Write", func() error { return f.Store.Write(ctx, l, b) })
}

func (f *Failing) Finish(ctx context.Context, l store.Lease, m store.Match) error {
	return doOnly(ctx, f, "Finish", func() error { return f.Store.Finish(ctx, l, m) })
}

func (f *Failing) Release(ctx context.Context, l store.Lease) error {
	return doOnly(ctx, f, "Release", func() error { return f.Store.Release(ctx, l) })
}

func (f *Failing) Report(ctx context.Context, l store.Lease, s store.Server) error {
	return doOnly(ctx, f, "Report", func() error { return f.Store.Report(ctx, l, s) })
}

func (f *Failing) Servers(ctx context.Context) ([]store.Server, error) {
	return do(ctx, f, "Servers", func() ([]store.Server, error) { return f.Store.Servers(ctx) })
}

func (f *Failing) Show(ctx context.Context, l store.Lease, cards []store.Card) error {
	return doOnly(ctx, f, "Show", func() error { return f.Store.Show(ctx, l, cards) })
}

func (f *Failing) Cards(ctx context.Context, q store.CardQuery) ([]store.Card, error) {
	return do(ctx, f, "Cards", func() ([]store.Card, error) { return f.Store.Cards(ctx, q) })
}

func (f *Failing) Ping(ctx context.Context) error {
	return doOnly(ctx, f, "Ping", func() error { return f.Store.Ping(ctx) })
}
