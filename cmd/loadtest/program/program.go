// Package program runs other programs beside the one that measures: each is
// started, heard and spoken to by lines, and killed with its context. It owns
// nothing else, and has no opinion on what they say.
package program

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// Program is one that was started.
type Program struct {
	Pid int

	name string
	in   io.Writer
	out  chan string // lines of stdout and stderr
}

// Start starts one that is killed with the context; running waits for its end. The
// environment is ours, and env.
func Start(ctx context.Context, running *sync.WaitGroup, env []string, name string, args ...string) (*Program, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = write, write
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	write.Close() // the program has it
	if err != nil {
		read.Close()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &Program{name: name, Pid: cmd.Process.Pid, in: in, out: make(chan string, 64)}
	running.Go(func() {
		defer read.Close()
		defer close(p.out)
		for lines := bufio.NewScanner(read); lines.Scan(); {
			select {
			case p.out <- lines.Text():
			case <-ctx.Done():
			}
		}
		_ = cmd.Wait() // killed when it was measured, or it has said why
	})
	return p, nil
}

// Say writes a line. That it cannot be heard is found out by who waits for the answer.
func (p *Program) Say(line string) { _, _ = fmt.Fprintln(p.in, line) }

// Until reads to a line that begins in one of these ways.
func (p *Program) Until(ctx context.Context, begins ...string) (string, error) {
	var last string
	for {
		select {
		case line, ok := <-p.out:
			if !ok {
				return "", fmt.Errorf("%s ended without saying %q; its last words: %s", p.name, begins, last)
			}
			for _, b := range begins {
				if strings.HasPrefix(line, b) {
					return line, nil
				}
			}
			last = line
		case <-ctx.Done():
			return "", fmt.Errorf("%s did not say %q; its last words: %s: %w", p.name, begins, last, context.Cause(ctx))
		}
	}
}

// Run runs one to its end, with its words on our stderr.
func Run(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %v: %w", name, args, err)
	}
	return nil
}

// FreePort is one on 127.0.0.1 that nobody listens on now.
func FreePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}
