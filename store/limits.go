package store

import (
	"errors"
	"fmt"
	"time"
)

// How many matches one call lists. A page holds every player of every match,
// so it is bounded by what an answer should weigh, not by what a client asks.
const (
	DefaultMatches = 20
	MaxMatches     = 100
)

// Page is how many matches the query asks for, within the limits: too many are
// MaxMatches, none or fewer are DefaultMatches.
func (q MatchQuery) Page() int {
	if q.Limit < 1 {
		return DefaultMatches
	}
	return min(q.Limit, MaxMatches)
}

// Limits of the journal. What is over one is refused with ErrTooLarge, before
// the database is asked; only Claim answers with as many as it may.
const (
	// MaxChunk is the bytes of a chunk's data: a saved state of a large game.
	// One room's chunk holds up the batch of all.
	MaxChunk = 1 << 20

	// MaxHead is the bytes of a room's head. A claim reads MaxClaim of them.
	MaxHead = 64 << 10

	// MaxBatch is the Size of a batch. The slowest database writes it in half of
	// the time a call has; who has more to write writes several.
	MaxBatch = 16 << 20

	// MaxClaim is how many rooms one call claims: so that the rooms of a dead
	// server are shared out among the living.
	MaxClaim = 1000

	// itemSize is what anything in a batch weighs beside its bytes, so that
	// MaxBatch bounds also how much there is of nothing.
	itemSize = 100
)

// ErrTooLarge is returned when something is over its limit.
var ErrTooLarge = errors.New("too large")

// Size is what a batch weighs; at most MaxBatch is written.
func (b Batch) Size() int {
	size := itemSize * (len(b.Opened) + len(b.Chunks) + len(b.Closed))
	for _, r := range b.Opened {
		size += len(r.Head)
	}
	for _, c := range b.Chunks {
		size += len(c.Data)
	}
	return size
}

// Check says which limit the batch is over.
func (b Batch) Check() error {
	for _, r := range b.Opened {
		if len(r.Head) > MaxHead {
			return fmt.Errorf("head of room %s, %d bytes of at most %d: %w", r.ID, len(r.Head), MaxHead, ErrTooLarge)
		}
	}
	for _, c := range b.Chunks {
		if len(c.Data) > MaxChunk {
			return fmt.Errorf("chunk %d of room %s, %d bytes of at most %d: %w", c.N, c.Room, len(c.Data), MaxChunk, ErrTooLarge)
		}
	}
	if size := b.Size(); size > MaxBatch {
		return fmt.Errorf("batch, %d bytes of at most %d: %w", size, MaxBatch, ErrTooLarge)
	}
	return nil
}

// Limits of the directory.
const (
	// MaxCards is how many cards one query answers with, and one Show takes.
	MaxCards = 200

	// MaxCard is the bytes of a card's body: a room with some dozens of players.
	MaxCard = 16 << 10

	// MaxCardPlayers is how many of a room's players a card can be found by.
	MaxCardPlayers = 64

	// MaxCardText is the bytes of each text of a card, as Text keeps it. Three of
	// them and a server's name fit into an entry of an index.
	MaxCardText = 512

	// ClosedStays is how long the card of a closed room is found: so that it is
	// known to be over, and its players are found for another match.
	ClosedStays = time.Hour
)

// Page is how many cards the query asks for, within the limits.
func (q CardQuery) Page() int { return page(q.Limit, MaxCards) }

// RunningPage is how many rooms Running lists at once, within the limits.
func RunningPage(limit int) int { return page(limit, MaxClaim) }

// page is a limit that means most where it is not within 1 to most.
func page(limit, most int) int {
	if limit < 1 || limit > most {
		return most
	}
	return limit
}

// CheckCards says which limit the cards of one Show are over.
func CheckCards(cards []Card) error {
	if len(cards) > MaxCards {
		return fmt.Errorf("%d cards of at most %d: %w", len(cards), MaxCards, ErrTooLarge)
	}
	for _, c := range cards {
		if err := c.check(); err != nil {
			return err
		}
	}
	return nil
}

func (c Card) check() error {
	if len(c.Body) > MaxCard {
		return fmt.Errorf("card of room %.64q, %d bytes of at most %d: %w", c.Room, len(c.Body), MaxCard, ErrTooLarge)
	}
	if len(c.Players) > MaxCardPlayers {
		return fmt.Errorf("card of room %.64q, %d players of at most %d: %w", c.Room, len(c.Players), MaxCardPlayers, ErrTooLarge)
	}
	for _, text := range append([]string{c.Room, c.Code, c.Game, c.Status, c.Terms}, c.Players...) {
		if n := len(Text(text)); n > MaxCardText {
			return fmt.Errorf("card of room %.64q, a text of %d bytes of at most %d: %w", c.Room, n, MaxCardText, ErrTooLarge)
		}
	}
	return nil
}
