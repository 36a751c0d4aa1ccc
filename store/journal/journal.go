// Package journal writes what happens in the rooms of a server to the store, in
// one batch for all of them at a time.
//
// A [Journal] owns one goroutine that writes, and one that keeps the server's
// lease. Rooms hand it chunks and go on; each hears when its chunk is kept. While
// the database is away it tries again and again, and the chunks wait: a room has
// one under way at most, so what waits is bounded by the rooms. When another
// process has taken over, nothing is written any more and every room hears so.
//
// It knows nothing of what is in a chunk.
package journal

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tickroom/store"
)

// Config is what a journal is made with.
type Config struct {
	Store   Store
	Server  string // this server's name: one that is started again under it goes on at once
	Address string // where its players are
	Meter   Meter  // nil counts nothing
	Log     *slog.Logger
}

// Store is what a journal writes to, and tells other servers through.
type Store interface {
	store.Journal
	store.Directory
}

// Meter counts what is written. Its method must not block.
type Meter interface {
	// Written is one try to write a batch, of so many chunks.
	Written(took time.Duration, chunks int, err error)
}

// Journal writes for one server. Its methods are safe for concurrent use.
type Journal struct {
	// Set once.
	cfg     Config
	lease   store.Lease
	wake    chan struct{} // holds a token while something waits
	fenced  chan struct{} // closed when another process has taken over
	stop    context.CancelFunc
	running sync.WaitGroup

	// Guarded by mu.
	mu      sync.Mutex
	waiting store.Batch
	dones   []func(error) // of its chunks
	lost    bool          // fenced is closed
	since   time.Time     // when what waits longest began to wait; zero when nothing does
}

// Open makes the caller the server of its name.
func Open(ctx context.Context, cfg Config) (*Journal, error) {
	lease, err := cfg.Store.Enlist(ctx, cfg.Server, cfg.Address, leaseLength)
	if err != nil {
		return nil, err
	}
	j := &Journal{cfg: cfg, lease: lease, wake: make(chan struct{}, 1), fenced: make(chan struct{})}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	j.stop = stop
	j.running.Go(func() { j.write(run) })
	j.running.Go(func() { j.renew(run) })
	return j, nil
}

// Fenced is closed when another process has taken over this server's rooms.
func (j *Journal) Fenced() <-chan struct{} { return j.fenced }

// Behind is how long something has waited to be written; 0 when nothing does.
func (j *Journal) Behind() time.Duration {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.since.IsZero() {
		return 0
	}
	return time.Since(j.since)
}

// Opened writes a room that was opened.
func (j *Journal) Opened(r store.RunningRoom) {
	j.add(func(b *store.Batch) { b.Opened = append(b.Opened, r) }, nil)
}

// Closed writes that a room is no more, and no match of it is kept.
func (j *Journal) Closed(room string) {
	j.add(func(b *store.Batch) { b.Closed = append(b.Closed, room) }, nil)
}

// Room is the journal of one room, as the room writes to it.
func (j *Journal) Room(id string) Room { return Room{j, id} }

// Room writes the chunks of one room.
type Room struct {
	journal *Journal
	id      string
}

// Write writes chunk n. See room.Journal.
func (r Room) Write(n uint32, chunk []byte, saved bool, done func(error)) {
	c := store.Chunk{Room: r.id, N: n, Saved: saved, Data: chunk}
	r.journal.add(func(b *store.Batch) { b.Chunks = append(b.Chunks, c) }, done)
}

// Finish keeps a match that ended; its room stays until Closed. store.ErrFenced; after
// another error it is to be tried again.
func (j *Journal) Finish(ctx context.Context, m store.Match) error {
	err := j.cfg.Store.Finish(ctx, j.lease, m)
	switch {
	case !errors.Is(err, store.ErrFenced):
		return err
	case !j.fencedForGood(ctx):
		return errLate
	}
	j.lose()
	return err
}

// Claim takes over rooms that no server has. store.ErrFenced.
func (j *Journal) Claim(ctx context.Context, limit int) ([]store.RunningRoom, error) {
	return j.cfg.Store.Claim(ctx, j.lease, limit)
}

// Rooms reads the rooms that are this server's, also those whose claim was never
// heard of. store.ErrFenced.
func (j *Journal) Rooms(ctx context.Context) ([]store.RunningRoom, error) {
	return j.cfg.Store.Rooms(ctx, j.lease)
}

// Name is this server's.
func (j *Journal) Name() string { return j.lease.Server }

// Report tells the other servers how this one is. store.ErrFenced.
func (j *Journal) Report(ctx context.Context, s store.Server) error {
	return j.cfg.Store.Report(ctx, j.lease, s)
}

// Show tells the other servers how rooms of this one are seen. store.ErrFenced.
func (j *Journal) Show(ctx context.Context, cards []store.Card) error {
	return j.cfg.Store.Show(ctx, j.lease, cards)
}

// Chunks reads what was written of a room since it was last saved.
func (j *Journal) Chunks(ctx context.Context, room string) ([]store.Chunk, error) {
	return j.cfg.Store.Chunks(ctx, room)
}

// Abandon gives all up, as when another process has taken over: for a server that
// others may have taken from, and that cannot ask the database.
func (j *Journal) Abandon() { j.lose() }

// History reads all that was written of a room, from its first chunk on.
func (j *Journal) History(ctx context.Context, room string) ([]store.Chunk, error) {
	return j.cfg.Store.History(ctx, room)
}

// Close writes what waits, until the context ends, and lets other servers have
// the rooms that are left. Nothing may be written afterwards.
func (j *Journal) Close(ctx context.Context) error {
	for j.Behind() > 0 && !j.isLost() && ctx.Err() == nil {
		pause(ctx, closePause)
	}
	j.stop()
	j.running.Wait()
	j.fail(ctx.Err())
	if j.isLost() {
		return nil
	}
	return j.cfg.Store.Release(ctx, j.lease)
}

// add puts something into the next batch.
func (j *Journal) add(put func(*store.Batch), done func(error)) {
	j.mu.Lock()
	if j.lost {
		j.mu.Unlock()
		if done != nil {
			go done(store.ErrFenced) // later, as done is always called
		}
		return
	}
	defer j.mu.Unlock()
	put(&j.waiting)
	if done != nil {
		j.dones = append(j.dones, done)
	}
	if j.since.IsZero() {
		j.since = time.Now()
	}
	j.ring()
}

func (j *Journal) ring() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// take takes of what waits as much as one write takes: where the database was
// away, it may be more. What was closed goes last.
func (j *Journal) take() (store.Batch, []func(error)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	batch, dones := j.waiting, j.dones
	n, size := 0, store.Batch{Opened: batch.Opened, Closed: batch.Closed}.Size()
	for ; n < len(batch.Chunks); n++ {
		size += store.Batch{Chunks: batch.Chunks[n : n+1]}.Size()
		if size > store.MaxBatch && n > 0 {
			break
		}
	}
	j.waiting, j.dones = store.Batch{}, nil
	if n < len(batch.Chunks) {
		j.waiting, j.dones = store.Batch{Chunks: batch.Chunks[n:], Closed: batch.Closed}, dones[n:]
		batch.Chunks, batch.Closed, dones = batch.Chunks[:n], nil, dones[:n]
		j.ring()
	}
	return batch, dones
}

// write writes batches, one after the other: what comes while one is under way
// is the next.
func (j *Journal) write(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-j.wake:
		}
		began := time.Now()
		batch, dones := j.take()
		err := j.try(ctx, batch)
		if errors.Is(err, store.ErrFenced) {
			j.lose()
		}
		for _, done := range dones {
			done(err)
		}
		if err != nil {
			return
		}
		j.rest()
		pause(ctx, writeEvery-time.Since(began))
	}
}

// rest notes since when something waits now.
func (j *Journal) rest() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.since = time.Time{}
	if len(j.waiting.Opened)+len(j.waiting.Chunks)+len(j.waiting.Closed) > 0 {
		j.since = time.Now()
	}
}

// try writes a batch until it is written, or never will be.
func (j *Journal) try(ctx context.Context, b store.Batch) error {
	for wait := retryPause; ; wait = min(2*wait, retryPauseMax) {
		began := time.Now()
		err := j.cfg.Store.Write(ctx, j.lease, b)
		if j.cfg.Meter != nil {
			j.cfg.Meter.Written(time.Since(began), len(b.Chunks), err)
		}
		if err == nil || errors.Is(err, store.ErrFenced) && j.fencedForGood(ctx) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		j.cfg.Log.Warn("journal not written yet", "chunks", len(b.Chunks), "err", err)
		pause(ctx, wait)
	}
}

// fencedForGood says whether the lease, which is no longer good, cannot be made
// good: it may only have ended while the database was away.
func (j *Journal) fencedForGood(ctx context.Context) bool {
	return errors.Is(j.cfg.Store.Renew(ctx, j.lease), store.ErrFenced)
}

// renew keeps the lease.
func (j *Journal) renew(ctx context.Context) {
	for ctx.Err() == nil {
		pause(ctx, renewEvery)
		err := j.cfg.Store.Renew(ctx, j.lease)
		switch {
		case errors.Is(err, store.ErrFenced):
			j.lose()
			return
		case err != nil && ctx.Err() == nil:
			j.cfg.Log.Warn("lease not renewed yet", "err", err)
		}
	}
}

// lose is when another process has taken over.
func (j *Journal) lose() {
	j.mu.Lock()
	again := j.lost
	if !again {
		j.lost = true
		close(j.fenced)
	}
	j.mu.Unlock()
	if !again {
		j.cfg.Log.Error("another process has taken over the rooms of this server", "server", j.cfg.Server)
		j.fail(store.ErrFenced)
	}
}

// fail tells all that wait that they wait for nothing.
func (j *Journal) fail(err error) {
	if err == nil {
		err = errClosed
	}
	for {
		_, dones := j.take()
		if len(dones) == 0 {
			return
		}
		for _, done := range dones {
			done(err)
		}
	}
}

func (j *Journal) isLost() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lost
}

var (
	errClosed = errors.New("the journal is closed")
	errLate   = errors.New("the lease had ended, and nobody took over: it is renewed")
)

func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
