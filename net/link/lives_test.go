package link_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/net/wire"
)

var (
	seed    = flag.Uint64("seed", 0, "play only the life and the storm of this seed")
	long    = flag.Bool("long", false, "play lives until a million messages have come, not only some")
	playFor = flag.Duration("for", 0, "play lives for so long, not only some")
)

// Lives of links, each of its own seed, over networks that delay, drop, break at
// any moment, go silent, and bring hellos late or twice. Whatever they do, what
// either side says comes once and in order.
func TestWhateverTheNetworkDoesEachComesOnceAndInOrder(t *testing.T) {
	if *seed != 0 {
		synctest.Test(t, func(t *testing.T) { live(t, dice(*seed)) })
		return
	}
	var all tally
	first, began := rand.Uint64()>>1, time.Now()
	for i := 0; more(all, time.Since(began)); i++ {
		n := first + uint64(i)
		synctest.Test(t, func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("repeat this life with -seed=%d", n)
				}
			}()
			all.add(live(t, dice(n)))
		})
	}
	t.Logf("%+v, seeds from %d", all, first)
	if all.resumes < all.lives/2 || all.anew < all.lives || len(all.codes) < 8 {
		t.Errorf("%+v: lives this quiet show nothing", all)
	}
	if !t.Failed() {
		t.Logf("%d messages, each once and in order", all.messages)
	}
}

// more says whether another life is to be played.
func more(all tally, took time.Duration) bool {
	switch {
	case *playFor > 0:
		return took < *playFor
	case *long:
		return all.messages < 1_000_000
	case testing.Short():
		return all.lives < 200
	}
	return all.lives < 2000
}

func dice(seed uint64) chance { return rand.New(rand.NewPCG(seed, 0)) }

// chance decides what happens next.
type chance interface{ IntN(n int) int }

// tally is what lives came to.
type tally struct {
	lives, messages, lost, resumes, anew, connections int
	codes                                             map[wire.CloseCode]int
}

func (t *tally) add(o tally) {
	t.lives++
	t.messages += o.messages
	t.lost += o.lost
	t.resumes += o.resumes
	t.anew += o.anew
	t.connections += o.connections
	if t.codes == nil {
		t.codes = map[wire.CloseCode]int{}
	}
	for code, n := range o.codes {
		t.codes[code] += n
	}
}

func (t tally) String() string {
	return fmt.Sprintf("%d lives, %d connections, %d messages, %d resumed, %d anew, %d answers lost, closed with %v",
		t.lives, t.connections, t.messages, t.resumes, t.anew, t.lost, t.codes)
}
