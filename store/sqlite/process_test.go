//go:build unix

package sqlite_test

import (
	"os"
	"os/exec"
	"testing"

	"tickroom/store/storetest"
)

// writing is set for a copy of this test that plays a server.
const writing = "TICKROOM_TEST_JOURNAL"

func TestAKilledServerLosesNothingItKnew(t *testing.T) {
	if path := os.Getenv(writing); path != "" {
		storetest.Child(t.Context(), open(t, path), os.Stdout)
		return
	}
	path := file(t)
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAKilledServerLosesNothingItKnew$")
	c.Env = append(os.Environ(), writing+"="+path)
	storetest.KillChild(t, open(t, path), c)
}
