//go:build !linux

package main

import "net"

// keepLittleUnsent is for kernels that can be asked to hold little.
func keepLittleUnsent(net.Conn) {}
