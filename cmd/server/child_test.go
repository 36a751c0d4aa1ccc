package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/arena"
	"tickroom/game/battleship"
)

// asServer, in the environment, has this test binary be a server: the one that
// is tested, to its main, with a game more.
const asServer = "TICKROOM_TEST_AS_SERVER"

// pairs is counting for two: many rooms of it need few players.
var pairs = game.DefineSaved(game.Info{
	Name: "pairs", Title: "Pairs", Version: 1, MinSeats: 2, Seats: 2, TickRate: 20, Late: true, Events: []any{Counted{}},
}, func(*game.Turn) *counter { return new(counter) })

// served is what a child serves.
var served = game.NewCatalog(arena.Game, battleship.Game, counting, pairs)

// beServer is a child's TestMain. It ends with the process that started it,
// however that ended.
func beServer() {
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(3)
	}()
	catalog, saveEvery = served, 300*time.Millisecond
	main()
	os.Exit(0)
}

// child is a server in a process of its own, which is killed and started again
// at the same address, over the same database. For one goroutine.
type child struct {
	testing.TB
	addr     string
	database string
	args     []string
	life     *life // nil while there is none
}

// life is one process.
type life struct {
	cmd   *exec.Cmd
	alive io.Closer     // open as long as we live
	ready chan struct{} // closed when it takes connections
	ended chan error
	asked bool // to stop
}

// newChild makes one that is not started yet.
func newChild(t testing.TB, database string, args ...string) *child {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	c := &child{TB: t, addr: l.Addr().String(), database: database}
	c.args = append([]string{"-listen", c.addr, "-database", database, "-name", "one", "-log-level", "warn", "-trust-proxy"}, args...)
	t.Cleanup(func() {
		if c.life != nil {
			c.kill()
		}
	})
	return c
}

// start starts a process and does not wait for it.
func (c *child) start() {
	c.Helper()
	cmd := exec.Command(os.Args[0], c.args...)
	cmd.Env = append(os.Environ(), asServer+"=1", "GORACE=halt_on_error=1")
	cmd.Stderr = c.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		c.Fatal(err)
	}
	alive, err := cmd.StdinPipe()
	if err != nil {
		c.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	l := &life{cmd: cmd, alive: alive, ready: make(chan struct{}), ended: make(chan error, 1)}
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "play at ") {
				close(l.ready)
			}
		}
		l.ended <- cmd.Wait()
	}()
	c.life = l
}

// awaitReady waits until the process takes connections.
func (c *child) awaitReady() {
	c.Helper()
	select {
	case <-c.life.ready:
	case err := <-c.life.ended:
		c.life = nil
		c.Fatalf("the server ended by itself: %v", err)
	case <-time.After(20 * time.Second):
		c.Fatal("the server does not start")
	}
}

// kill is kill -9; false means that the process had stopped in order before.
func (c *child) kill() bool {
	c.Helper()
	asked := c.life.asked
	c.signal(syscall.SIGKILL)
	err := c.ended()
	if err == nil && asked {
		return false
	}
	if err == nil || !strings.Contains(err.Error(), "killed") {
		c.Errorf("the server ended with %v before it was killed", err)
	}
	return true
}

// term asks the process to stop.
func (c *child) term() {
	c.Helper()
	c.life.asked = true
	c.signal(syscall.SIGTERM)
}

func (c *child) signal(sig syscall.Signal) {
	c.Helper()
	if err := c.life.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		c.Errorf("signal %v: %v", sig, err)
	}
}

// ended waits for the end of the process.
func (c *child) ended() error {
	c.Helper()
	l := c.life
	c.life = nil
	defer l.alive.Close()
	select {
	case err := <-l.ended:
		return err
	case <-time.After(30 * time.Second):
		l.cmd.Process.Kill()
		c.Errorf("the server did not end: %v", <-l.ended)
		return nil
	}
}

// stop has the process stop in order.
func (c *child) stop() {
	c.Helper()
	c.term()
	if err := c.ended(); err != nil {
		c.Errorf("the server stopped with %v", err)
	}
}
