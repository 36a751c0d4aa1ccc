package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Where a transport has no messages of its own, frames follow one another, each
// after its length: an unsigned LEB128 number.

// AppendFrame appends a frame and its length to b.
func AppendFrame(b []byte, f Frame) []byte {
	return append(binary.AppendUvarint(b, uint64(len(f))), f...)
}

// WriteFrame writes a frame after its length.
func WriteFrame(w io.Writer, f Frame) error {
	if _, err := w.Write(binary.AppendUvarint(nil, uint64(len(f)))); err != nil {
		return err
	}
	_, err := w.Write(f)
	return err
}

// IsSnapshot says of a frame that Encode made whether it is one of those of which
// only the newest counts. A transport may show that it looks no further.
func (f Frame) IsSnapshot() bool { return len(f) > 1 && Kind(f[1]) == KindSnapshot }

// FrameReader is what frames are read from: a bufio.Reader, or one of bytes.
type FrameReader interface {
	io.Reader
	io.ByteReader
}

// ReadFrame reads the next frame, of most bytes or fewer. Between frames the
// end is io.EOF, within one io.ErrUnexpectedEOF; a longer one is an *Error, and
// nothing of it is read.
func ReadFrame(r FrameReader, most int) (Frame, error) {
	n, err := binary.ReadUvarint(r)
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, err
	case err != nil: // an overflow among them
		return nil, fmt.Errorf("a frame's length: %w", err)
	case n > uint64(most):
		return nil, &Error{CloseTooLarge, fmt.Sprintf("a frame of %d bytes is more than %d", n, most)}
	}
	return readGrowing(r, int(n))
}

// readGrowing reads n bytes, and allocates no more than a step ahead of those
// that have come: a length alone must cost nothing.
func readGrowing(r io.Reader, n int) (Frame, error) {
	const step = 16 << 10
	f := make(Frame, 0, min(n, step))
	for len(f) < n {
		have := len(f)
		f = append(f, make(Frame, min(n-have, step))...)
		if _, err := io.ReadFull(r, f[have:]); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
	return f, nil
}
