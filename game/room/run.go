package room

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"tickroom/game"
	"tickroom/game/room/alarm"
	"tickroom/net/wire"

	"github.com/google/uuid"
)

// Room runs one match. See the package.
type Room struct {
	// Set once.
	cfg    Config
	id     uuid.UUID
	log    *slog.Logger
	schema wire.Schema
	period time.Duration
	box    *mailbox
	done   chan struct{}

	// Safe for all.
	status atomic.Pointer[Status]
	clock  clock

	// Owned by Run.
	match    *game.Match
	phase    Phase
	begun    time.Time // zero until there were players enough
	now      roomTick
	due      time.Time // of the next tick; when idle, of closing
	idle     bool      // nobody is in: no ticks
	stopping bool
	handing  bool // another process is to go on: no more ticks
	moved    bool // another process goes on
	journal  journal
	past     past           // what is missing of the match's log
	helpers  sync.WaitGroup // goroutines that Run waits for
	people   []*membership  // seated and watching, by number
	issued   uint32         // memberships so far
	seats    seats
	played   []*membership // who ever had a seat and came, in order
	deeds    []deed        // what the next tick begins with
	spoken   []wire.Frame  // the last lines of chat
	ending   *ending       // set when the match has ended
	farewell farewell      // what links are told at the end
	changed  bool          // status is to be renewed
	letters  []letter      // spare room for the mailbox
}

// New makes a room. It fails if the setup is not of the game, or the rules
// cannot start with it.
func New(cfg Config) (*Room, error) {
	id, err := parseID(cfg.ID)
	if err != nil {
		return nil, err
	}
	schema, err := wire.SchemaOf(cfg.Game)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", cfg.Game.Name, err)
	}
	cfg = cfg.withDefaults()
	r := &Room{
		cfg:    cfg,
		id:     id,
		log:    cfg.Log.With("room", cfg.ID, "game", cfg.Game.Name),
		schema: schema,
		period: time.Second / time.Duration(cfg.Setup.TickRate),
		box:    newMailbox(),
		done:   make(chan struct{}),
		phase:  Waiting,
		seats:  newSeats(cfg.Setup.Seats),
	}
	err = r.guard(func() error {
		r.match, err = cfg.Game.Start(cfg.Setup)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("start of %s: %w", cfg.Game.Name, err)
	}
	r.journal.sink, r.journal.saveAt = cfg.Journal, r.stagger()
	r.status.Store(r.describe())
	return r, nil
}

// Game is what is played here.
func (r *Room) Game() *game.Game { return r.cfg.Game }

// Setup is what the match began with.
func (r *Room) Setup() game.Setup { return r.cfg.Setup }

// Done is closed when Run has returned.
func (r *Room) Done() <-chan struct{} { return r.done }

// Run runs the room until it is closed. Cancelling the context ends it here: a
// room with a journal is written to the end, for another process to go on with;
// without one the match stops as it stands and is kept. Every link is closed.
// The error is ErrMoved, or why a result could not be kept. Call it once.
func (r *Room) Run(ctx context.Context) error {
	defer close(r.done)
	r.rest()
	r.pace() // a room that another process had has people in it
	timer := r.cfg.Timer()
	defer timer.Stop()
	timer.Reset(time.Until(r.due))
	stop := ctx.Done()
	for r.phase != Closed {
		select {
		case <-stop:
			stop = nil
			r.stop()
		case <-r.box.wake:
			r.drain()
		case err := <-r.keeping():
			r.kept(err)
		case <-timer.C():
			r.beat()
		}
		r.flush()
		r.handOver()
		r.recall(ctx)
		r.keep(ctx)
		r.pace()
		r.renewIfChanged()
		timer.Reset(time.Until(r.due))
	}
	return r.close()
}

// beat is the timer: ticks that are due, or the end of a room nobody is in.
func (r *Room) beat() {
	switch {
	case r.handing:
		r.move("The server is stopping.") // what is not written by now is not done
		return
	case r.idle:
		r.abandon()
		return
	}
	r.poll()
	for n := 0; !time.Now().Before(r.due) && r.phase != Closed; n++ {
		if n == maxCatchUp {
			r.due = time.Now() // too far behind: let the clock slip
			return
		}
		if r.overdue() {
			r.pause()
			r.box.dropInputs()
			r.due = time.Now().Add(r.period)
			return
		}
		r.tick()
		r.due = r.due.Add(r.period)
	}
}

// pace starts the ticks when somebody comes, and stops them when nobody is in
// and nothing is on its way to the store.
func (r *Room) pace() {
	switch nobody := len(r.people) == 0 && !r.awaitsStore(); {
	case r.handing:
	case nobody && !r.idle:
		r.rest()
	case !nobody && r.idle:
		r.idle, r.due = false, time.Now().Add(r.period)
	}
}

func (r *Room) rest() { r.idle, r.due = true, time.Now().Add(r.cfg.Idle) }

// abandon ends a room that nobody came back to.
func (r *Room) abandon() {
	if r.ending == nil && !r.begun.IsZero() {
		r.end(Empty, "empty", nil, nil)
		return
	}
	r.phase = Closed
}

// stop ends the match because the server stops.
func (r *Room) stop() {
	r.stopping = true
	switch {
	case r.awaitsStore() && (r.journal.sink == nil || r.ending.written):
	case r.journal.sink != nil:
		r.handing, r.due = true, time.Now().Add(handWithin)
		r.saveEarly()
	case r.ending == nil && !r.begun.IsZero():
		r.end(Stopped, "server-stopped", nil, nil)
	default:
		r.farewell = farewell{wire.CloseGoingAway, "The server is stopping."}
		r.phase = Closed
	}
}

// handOver ends the room here when all that happened is written: another
// process goes on where it was.
func (r *Room) handOver() {
	if j := &r.journal; r.handing && !j.underWay && !j.unwritten() && len(j.next) == 0 {
		r.move("The server is stopping.")
	}
}

// move ends the room in this process alone.
func (r *Room) move(why string) {
	r.moved, r.phase = true, Closed
	r.farewell = farewell{wire.CloseGoingAway, why}
}

// close is the room's last act: it says goodbye and answers who still asks.
func (r *Room) close() error {
	if r.farewell.code == 0 {
		r.farewell = farewell{wire.CloseOver, "The room is closed."}
	}
	for _, w := range r.people {
		if w.current != nil {
			w.current.link.Close(r.farewell.code, r.farewell.text)
		}
	}
	r.people = nil
	r.unsaid()
	r.box.close(r.why())
	r.drain()
	if r.past.cancel != nil {
		r.past.cancel()
	}
	r.helpers.Wait()
	r.renew()
	switch {
	case r.moved:
		return ErrMoved
	case r.ending != nil:
		return r.ending.lost
	}
	return nil
}

// farewell is what links are told when the room closes.
type farewell struct {
	code wire.CloseCode
	text string
}

// guard calls into the rules. A panic there is this room's failure alone.
func (r *Room) guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.cfg.Meter.Panicked(r.cfg.Game.Name)
			r.log.Error("the rules panicked", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("the rules panicked: %v", p)
		}
	}()
	return f()
}

func (c Config) withDefaults() Config {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&c.Grace, DefaultGrace}, {&c.Reserve, DefaultReserve}, {&c.Idle, DefaultIdle},
		{&c.Linger, DefaultLinger}, {&c.KeepFor, DefaultKeepFor}, {&c.SaveEvery, DefaultSaveEvery},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	if c.Game.Unlogged {
		c.Journal = nil
	}
	if c.Keep == nil {
		c.Keep = func(context.Context, Record) error { return nil }
	}
	if c.Changed == nil {
		c.Changed = func(Status) {}
	}
	if c.Timer == nil {
		c.Timer = alarm.Plain
	}
	if c.Meter == nil {
		c.Meter = noMeter{}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}
