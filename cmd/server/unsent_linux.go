package main

import (
	"net"
	"syscall"
)

// unsent is how many bytes the kernel may hold that have not been sent yet: a
// few views. What waits there is beyond replacing: on a stalled connection, with
// the kernel's own megabytes, a player would watch the past for seconds.
const unsent = 16 << 10

// keepLittleUnsent has the kernel take no more than it can send soon.
func keepLittleUnsent(c net.Conn) {
	const tcpNotSentLowAt = 25 // include/uapi/linux/tcp.h
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return
	}
	// A kernel that does not know the option is as well off as before.
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpNotSentLowAt, unsent)
	})
}
