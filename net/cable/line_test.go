package cable

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestTheSameSeedMakesTheSameJitter(t *testing.T) {
	course := func(seed uint64) (all [20]time.Duration) {
		dice := rand.New(rand.NewPCG(seed, 0))
		for i := range all {
			all[i] = Line{Delay: time.Second, Jitter: time.Second}.travels(dice)
		}
		return all
	}
	if course(1) != course(1) {
		t.Error("two courses of one seed differ")
	}
	if course(1) == course(2) {
		t.Error("two seeds make one course: chance is not used")
	}
	for _, d := range course(1) {
		if d < time.Second || d >= 2*time.Second {
			t.Errorf("under way for %v, want 1s to below 2s", d)
		}
	}
}

func TestALineThatIsBusyIsWaitedFor(t *testing.T) {
	now := time.Now()
	l := Line{Rate: 1000}
	for _, c := range []struct {
		why  string
		free time.Duration
		n    int
		want time.Duration
	}{
		{"a free line takes as long as the bytes do", -time.Second, 500, 500 * time.Millisecond},
		{"a busy one that much longer", time.Second, 500, 1500 * time.Millisecond},
		{"nothing takes no time", 0, 0, 0},
	} {
		if got := l.leaves(now, now.Add(c.free), c.n).Sub(now); got != c.want {
			t.Errorf("left after %v, want %v: %s", got, c.want, c.why)
		}
	}
}
