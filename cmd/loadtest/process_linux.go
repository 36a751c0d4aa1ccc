package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// process is what a process has cost so far.
type process struct {
	cpu time.Duration // all threads, in the kernel as well
	rss int           // KiB
}

// lookAt reads /proc. A thread that ends takes its time with it, but servers keep theirs.
func lookAt(pid int) (p process, err error) {
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return p, fmt.Errorf("process %d: %w", pid, err)
	}
	for _, t := range threads {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/schedstat", pid, t.Name()))
		if os.IsNotExist(err) {
			continue // it has just ended
		}
		if err != nil {
			return p, fmt.Errorf("process %d: %w", pid, err)
		}
		ran, _, _ := strings.Cut(string(b), " ")
		ns, err := strconv.ParseInt(ran, 10, 64)
		if err != nil {
			return p, fmt.Errorf("process %d: its time: %w", pid, err)
		}
		p.cpu += time.Duration(ns)
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return p, fmt.Errorf("process %d: %w", pid, err)
	}
	fields := strings.Fields(string(b)) // size, resident, ... in pages
	if len(fields) < 2 {
		return p, fmt.Errorf("process %d: its memory is not told", pid)
	}
	pages, err := strconv.Atoi(fields[1])
	p.rss = pages * os.Getpagesize() / 1024
	return p, err
}

// pin keeps all threads of this process, and those they start, on one core.
func pin(core int) error {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return fmt.Errorf("pin: %w", err)
	}
	var mask [16]uint64
	if core < 0 || core >= 64*len(mask) {
		return fmt.Errorf("pin: there is no core %d", core)
	}
	mask[core/64] |= 1 << (core % 64)
	for _, t := range threads {
		id, err := strconv.Atoi(t.Name())
		if err != nil {
			return fmt.Errorf("pin: %w", err)
		}
		_, _, failed := syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, uintptr(id), unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask)))
		if failed != 0 && failed != syscall.ESRCH {
			return fmt.Errorf("pin to core %d: %w", core, failed)
		}
	}
	return nil
}

// monotonic is the machine's own count of time, which other programs on it
// share, at moment 0 of this one.
func monotonic() time.Duration {
	var t syscall.Timespec
	const clockMonotonic = 1
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&t)), 0)
	return time.Duration(t.Nano()) - now()
}
