//go:build unix

package pgtest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a running server and its watch.
type process struct {
	// Set once.
	pid   int
	ended chan struct{} // closed when the server has ended
	alive io.WriteCloser
	watch *exec.Cmd
}

// watchScript waits for a word from the tests. When there is none, since their
// process is gone (killed, timed out, interrupted), it ends the server, which
// may be frozen, and takes its folder away.
const watchScript = `
read -r word && exit
kill -CONT "$1"
kill -QUIT "$1"
n=0
while kill -0 "$1" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done
rm -rf "$2"`

// startProcess starts the server and its watch, both in groups of their own:
// an interrupt from the keyboard is for the tests, and they end the server.
func startProcess(dir string, user *syscall.Credential, name string, args ...string) (*process, error) {
	log, err := os.OpenFile(filepath.Join(dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	server := exec.Command(name, args...)
	server.Dir = dir
	server.Stdout, server.Stderr = log, log
	server.SysProcAttr = &syscall.SysProcAttr{Credential: user, Setpgid: true}
	if err := server.Start(); err != nil {
		return nil, err
	}
	p := &process{pid: server.Process.Pid, ended: make(chan struct{})}
	go func() {
		server.Wait() // how it ended is in its log
		close(p.ended)
	}()
	p.watch = exec.Command("/bin/sh", "-c", watchScript, "watch", strconv.Itoa(p.pid), dir)
	p.watch.SysProcAttr = &syscall.SysProcAttr{Credential: user, Setpgid: true}
	if p.alive, err = p.watch.StdinPipe(); err == nil {
		err = p.watch.Start()
	}
	if err != nil {
		syscall.Kill(p.pid, syscall.SIGQUIT)
		<-p.ended
		return nil, fmt.Errorf("watch: %w", err)
	}
	return p, nil
}

// stop ends the server, also a frozen one, and its watch.
func (p *process) stop() error {
	errs := []error{p.signalAll(syscall.SIGCONT)}
	p.signal(p.pid, syscall.SIGINT) // "fast": end connections, write, leave
	select {
	case <-p.ended:
	case <-time.After(stopTimeout):
		errs = append(errs, fmt.Errorf("the server did not stop in %v and was killed", stopTimeout), p.signalAll(syscall.SIGKILL))
		<-p.ended
	}
	_, err := io.WriteString(p.alive, "ended\n")
	return errors.Join(append(errs, err, p.alive.Close(), p.watch.Wait())...)
}

// signalAll signals the server and the processes of its connections, which it
// has in groups of their own. It begins with the server, so that a frozen one
// makes no new ones meanwhile.
func (p *process) signalAll(sig syscall.Signal) error {
	if err := p.signal(p.pid, sig); err != nil {
		return err
	}
	children, err := children(p.pid)
	if err != nil {
		return err
	}
	for _, pid := range children {
		if err := p.signal(pid, sig); err != nil {
			return err
		}
	}
	return nil
}

// signal signals the server or a process of its own; one that has ended is none.
func (p *process) signal(pid int, sig syscall.Signal) error {
	select {
	case <-p.ended: // its number may be somebody else's by now
		return nil
	default:
	}
	if err := syscall.Kill(pid, sig); err != nil && err != syscall.ESRCH {
		return fmt.Errorf("signal process %d of the server: %w", pid, err)
	}
	return nil
}

func children(pid int) ([]int, error) {
	out, err := exec.Command("ps", "-A", "-o", "pid=", "-o", "ppid=").Output()
	if err != nil {
		return nil, fmt.Errorf("ps: %w", err)
	}
	var found []int
	for line := range strings.Lines(string(out)) {
		var child, parent int
		if _, err := fmt.Sscan(line, &child, &parent); err == nil && parent == pid {
			found = append(found, child)
		}
	}
	return found, nil
}
