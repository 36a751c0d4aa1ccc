package lobby

import (
	"context"
	"sync"
	"time"
)

// feed tells live lists which rooms changed. Marking is cheap and never waits:
// each reader has a set of what it has not told yet, so a slow one gets fewer,
// newer states, and memory is bounded by the number of rooms.
type feed struct {
	// Guarded by mu.
	mu      sync.Mutex
	readers map[*reader]struct{}
	closed  bool
}

// reader is one live list.
type reader struct {
	wake  chan struct{}   // holds a token while dirty is not empty; closed by feed.close
	dirty map[*entry]bool // guarded by the feed's mu
}

func newFeed() *feed { return &feed{readers: map[*reader]struct{}{}} }

// mark says that a room changed.
func (f *feed) mark(e *entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !e.listed() || f.closed {
		return
	}
	for r := range f.readers {
		r.mark(e)
	}
}

// mark is called under the feed's mu.
func (r *reader) mark(e *entry) {
	r.dirty[e] = true
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// follow calls changed with all rooms, then with what changed, gathered over
// feedPause, and beat when nothing did for feedBeat; until the context ends,
// the feed is closed, or one of them fails.
func (f *feed) follow(ctx context.Context, rooms func() []*entry, changed func(map[*entry]bool) error, beat func() error) error {
	r := f.join()
	defer f.leave(r)
	f.begin(r, rooms()) // after joining: what is opened from now on is marked
	timer := time.NewTimer(feedBeat)
	defer timer.Stop()
	for {
		timer.Reset(feedBeat)
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
			err = beat()
		case _, open := <-r.wake:
			if !open {
				return nil
			}
			err = changed(f.take(r))
			pause(ctx, feedPause)
		}
		if err != nil {
			return err
		}
	}
}

func (f *feed) join() *reader {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := &reader{wake: make(chan struct{}, 1), dirty: map[*entry]bool{}}
	f.readers[r] = struct{}{}
	if f.closed {
		close(r.wake)
	}
	return r
}

// begin has a reader told of all rooms.
func (f *feed) begin(r *reader, rooms []*entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range rooms {
		if e.listed() && !f.closed {
			r.mark(e)
		}
	}
}

func (f *feed) leave(r *reader) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.readers, r)
}

func (f *feed) take(r *reader) map[*entry]bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	dirty := r.dirty
	r.dirty = map[*entry]bool{}
	return dirty
}

// close ends every live list.
func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	f.closed = true
	for r := range f.readers {
		close(r.wake)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
