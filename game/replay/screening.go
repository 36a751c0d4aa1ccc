package replay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// Config is what a screening is made with. Zero durations mean the default
// named beside them.
type Config struct {
	ID     string  // what Welcome calls the room
	Record *Record // what is shown; many may share it
	Lane   Lane    // nil lets every screening play far when it likes

	Delay time.Duration // how far behind it is shown while it is still played

	Grace time.Duration // a viewer who is away may stay so for so long; 60 s
	Still time.Duration // and what stands still is left open so long; 30 min
	Log   *slog.Logger  // nil is slog.Default
}

// Screening shows one match to one viewer. See the package.
type Screening struct {
	// Set once.
	cfg     Config // but for the record
	game    *game.Game
	follows bool // the match was still played when it was opened
	log     *slog.Logger
	schema  wire.Schema
	period  time.Duration // of a beat
	box     *mailbox
	done    chan struct{}

	// Safe for all.
	clock clock

	// Owned by Run.
	record   *Record
	state    state
	due      time.Time      // of the next beat; of closing while away or still
	playback *game.Playback // where it is
	saves    saves
	speed    int // hundredths of a tick in a beat
	owed     int // of them, not played yet
	beats    int64
	target   game.Tick // while seeking: where to
	seeking  bool
	seat     game.Seat // whose eyes
	viewer   *Member   // the newest link; nil before the first
	here     bool      // something carries it
	told     []game.SeatState
	unseen   bool // the newest view was not sent
	overTold bool
	standing standing // what was told of it
	farewell farewell
}

// state is what a screening does until something is heard.
//
//	          join, back            show, join, back          there
//	(new) ---> away ------> seeking <---------------- playing, still
//	            ^               \--- there ---> playing <-> still (paused, or at the end)
//	            +---- gone, from any
type state uint8

const (
	away    state = iota // nobody is here: time stands still, for the grace
	seeking              // plays far, unseen
	playing
	still
)

// farewell is what the link is told at the end.
type farewell struct {
	code wire.CloseCode
	text string
}

// ErrClosed is what who comes too late is told.
var ErrClosed = errors.New("the screening is closed")

// New makes a screening that stands where the match begins, or is, and waits for
// its viewer. It fails if the match cannot be started here.
func New(cfg Config) (*Screening, error) {
	cfg = cfg.withDefaults()
	schema, err := wire.SchemaOf(cfg.Record.Game)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", cfg.Record.Game.Name, err)
	}
	s := &Screening{
		cfg:     cfg,
		game:    cfg.Record.Game,
		follows: cfg.Record.Runs(),
		log:     cfg.Log.With("screening", cfg.ID, "match", cfg.Record.Match.ID),
		schema:  schema,
		box:     newMailbox(),
		done:    make(chan struct{}),
		record:  cfg.Record,
		due:     time.Now().Add(cfg.Grace),
		speed:   100,
		target:  cfg.Record.Begins(),
		seat:    game.Watcher,
		seeking: true,
	}
	s.cfg.Record = nil // another takes its place
	if s.follows {
		s.target = wire.Here - 1 // beyond all there will be: the live edge
	}
	if err := guard(s.rewind); err != nil { // it is no setup of the game
		return nil, err
	}
	s.period = time.Second / time.Duration(s.record.Match.TickRate)
	s.saves.every = s.ticks(saveEvery)
	s.told = make([]game.SeatState, s.record.Match.Seats)
	return s, nil
}

// Done is closed when Run has returned.
func (s *Screening) Done() <-chan struct{} { return s.done }

// Expires is when a screening that nobody comes to is closed, from now on.
func (s *Screening) Expires() time.Time { return time.Now().Add(s.cfg.Grace) }

// Join makes a link the viewer's, in place of an older one. It is told Welcome,
// and then what is shown. ErrClosed.
func (s *Screening) Join(l Link) (*Member, error) {
	m := &Member{screening: s, link: l}
	if !s.box.join(m) {
		return nil, ErrClosed
	}
	return m, nil
}

// Grow gives it the match as it is known by now: the same, further on or to its
// end. The newest counts.
func (s *Screening) Grow(r *Record) { s.box.grow(r) }

// End closes the screening, for a reason that its viewer is told.
func (s *Screening) End(code wire.CloseCode, why string) { s.box.leave(farewell{code, why}) }

// Run shows until nobody has watched for the grace, or the context ends. The
// link is closed then. Call it once.
func (s *Screening) Run(ctx context.Context) {
	defer close(s.done)
	timer := time.NewTimer(time.Until(s.due))
	defer timer.Stop()
	for s.farewell.code == 0 {
		heard := false
		select {
		case <-ctx.Done():
			s.leave(wire.CloseGoingAway, "The server is stopping.")
		case <-s.box.wake:
			heard = s.drain()
		case <-timer.C:
			s.beat(ctx)
		}
		s.pace(heard)
		timer.Reset(time.Until(s.due))
	}
	s.close()
}

// pace says when the next beat is due. What is heard keeps a screening that
// stands still open.
func (s *Screening) pace(heard bool) {
	now := s.stateNow()
	if now == s.state && !(now == still && heard) {
		return
	}
	s.state = now
	s.due = time.Now().Add(map[state]time.Duration{
		away: s.cfg.Grace, seeking: 0, playing: s.period, still: s.cfg.Still,
	}[now])
}

func (s *Screening) stateNow() state {
	switch {
	case !s.here:
		return away
	case s.seeking:
		return seeking
	case s.speed == 0 || s.atEnd():
		return still
	}
	return playing
}

// beat is the timer.
func (s *Screening) beat(ctx context.Context) {
	switch s.state {
	case away:
		s.leave(wire.CloseOver, "Nobody watched for too long.")
	case still:
		s.leave(wire.CloseOver, "The replay stood still for too long.")
	case seeking:
		s.attempt(func() error { return s.seek(ctx) })
	case playing:
		s.attempt(s.catchUp)
	}
}

// attempt calls into the rules. Where they cannot go on, the screening ends.
func (s *Screening) attempt(f func() error) {
	if err := guard(f); err != nil {
		s.log.Warn("match does not play again", "tick", s.playback.Tick(), "err", err)
		s.leave(wire.CloseFailed, "The match cannot be played again from here.")
	}
}

// drain does what has come in by now, and says whether the viewer was heard.
func (s *Screening) drain() bool {
	m := s.box.take()
	if m.grown != nil {
		s.attempt(func() error { return s.grew(m.grown) })
	}
	for _, l := range m.letters {
		s.read(l)
	}
	if m.end.code != 0 {
		s.leave(m.end.code, m.end.text)
	}
	if m.newest != nil && m.newest.from == s.viewer {
		s.show(m.newest.Show)
	}
	return m.newest != nil || len(m.letters) > 0
}

func (s *Screening) read(l letter) {
	if l.act == actJoin {
		s.joined(l.from)
		return
	}
	if l.from != s.viewer {
		return
	}
	switch l.act {
	case actAsk:
		s.refuse(l.n)
	case actLeave:
		s.leave(wire.CloseLeft, "You left.")
	case actGone:
		s.here = false
	case actBack:
		s.arrive()
	case actRenew:
		s.viewer.begun = false
		s.arrive()
	}
}

func (s *Screening) joined(m *Member) {
	if s.viewer != nil {
		s.viewer.link.Close(wire.CloseTakenOver, "You connected from elsewhere.")
	}
	s.viewer = m
	s.arrive()
}

// arrive is when somebody is here, again or for the first time: they are told
// all they need when it stands where it should.
func (s *Screening) arrive() {
	s.here, s.standing = true, ""
	s.seekTo(wire.Here)
}

// show does what the viewer wishes.
func (s *Screening) show(w wire.Show) {
	if s.speed != int(w.Speed) {
		s.speed, s.owed = int(w.Speed), 0
	}
	s.seat = w.Seat
	if int(w.Seat) >= len(s.told) || s.record.Runs() && s.game.Hidden {
		s.seat = game.Watcher
	}
	s.seekTo(w.Tick)
}

// leave ends the screening; the first call counts.
func (s *Screening) leave(code wire.CloseCode, text string) {
	if s.farewell.code == 0 {
		s.farewell = farewell{code, text}
	}
}

// close says goodbye, also to who came just now.
func (s *Screening) close() {
	for _, l := range s.box.close() {
		if l.act == actJoin {
			s.joined(l.from)
		}
	}
	if s.viewer != nil {
		s.viewer.link.Close(s.farewell.code, s.farewell.text)
	}
}

func (c Config) withDefaults() Config {
	if c.Grace == 0 {
		c.Grace = DefaultGrace
	}
	if c.Still == 0 {
		c.Still = DefaultStill
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}
