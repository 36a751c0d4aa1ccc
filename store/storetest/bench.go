package storetest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"tickroom/store"
)

// Sizes of the benchmarks: a server of 500 rooms that writes what happened in
// each ten times a second.
const (
	benchRooms  = 500
	benchData   = 300    // bytes of a chunk
	benchSaved  = 100    // of so many chunks of a room one is saved
	benchChunks = 30_000 // of all rooms, to be read
)

// Bench measures a store's journal.
func Bench(b *testing.B, open func(testing.TB) store.Store) {
	data := make([]byte, benchData)
	rand.NewChaCha8([32]byte{1}).Read(data)
	b.Run("write 500 chunks", func(b *testing.B) {
		s := open(b)
		l := enlist(b, s, "a")
		write(b, s, l, openedRooms(0, benchRooms))
		for n := 1; b.Loop(); n++ {
			batch := chunkOfEach(n, data)
			for i := range batch.Chunks {
				batch.Chunks[i].Saved = (n+i)%benchSaved == 0
			}
			write(b, s, l, batch)
		}
		b.ReportMetric(float64(b.N*benchRooms)/b.Elapsed().Seconds(), "chunks/s")
	})
	b.Run("read 20 chunks after a saved one, of 20000", func(b *testing.B) {
		s := open(b)
		l := enlist(b, s, "a")
		const many, after = 20_000, 20
		for k := 0; k < many; k += 1000 {
			batch := openedRooms(0, 1)
			for n := k + 1; n <= k+1000; n++ {
				batch.Chunks = append(batch.Chunks, store.Chunk{Room: matchID(0), N: uint32(n), Saved: n%500 == 0, Data: data})
			}
			write(b, s, l, batch)
		}
		write(b, s, l, store.Batch{Chunks: []store.Chunk{{Room: matchID(0), N: many + 1, Saved: true, Data: data}}})
		for k := range after {
			write(b, s, l, store.Batch{Chunks: []store.Chunk{{Room: matchID(0), N: uint32(many + 2 + k), Data: data}}})
		}
		for b.Loop() {
			if got := len(chunks(b, s, 0)); got != after+1 {
				b.Fatalf("%d chunks were read, want %d", got, after+1)
			}
		}
	})
	b.Run("claim 500 rooms of a dead server", func(b *testing.B) {
		s := open(b)
		l := enlist(b, s, "0")
		write(b, s, l, openedRooms(0, benchRooms))
		for n := 1; b.Loop(); n++ {
			b.StopTimer()
			end(b, s, l, 0)
			l = enlist(b, s, fmt.Sprint(n))
			b.StartTimer()
			if got := len(claim(b, s, l, benchRooms)); got != benchRooms {
				b.Fatalf("%d rooms were claimed, want %d", got, benchRooms)
			}
		}
	})
	b.Run("read 30000 chunks of 500 rooms", func(b *testing.B) {
		s := open(b)
		l := enlist(b, s, "a")
		write(b, s, l, openedRooms(0, benchRooms))
		for n := range benchChunks / benchRooms {
			write(b, s, l, chunkOfEach(n+1, data))
		}
		for b.Loop() {
			read := 0
			for n := range benchRooms {
				read += len(chunks(b, s, n))
			}
			if read != benchChunks {
				b.Fatalf("%d chunks were read, want %d", read, benchChunks)
			}
		}
	})
	b.Run("finish a room of 600 chunks", func(b *testing.B) {
		s := open(b)
		l := enlist(b, s, "a")
		for n := 0; b.Loop(); n++ {
			b.StopTimer()
			batch := openedRooms(n, 1)
			for k := range 600 {
				batch.Chunks = append(batch.Chunks, store.Chunk{Room: matchID(n), N: uint32(k + 1), Data: data})
			}
			write(b, s, l, batch)
			m := match(n, 1, 2, 3, 4)
			m.Log = bytes.Repeat(data, 200)
			b.StartTimer()
			if err := s.Finish(b.Context(), l, m); err != nil {
				b.Fatalf("finishing: %v", err)
			}
		}
	})
}

func openedRooms(first, count int) store.Batch {
	var b store.Batch
	for n := first; n < first+count; n++ {
		b.Opened = append(b.Opened, runningRoom(n))
	}
	return b
}

func chunkOfEach(k int, data []byte) store.Batch {
	var b store.Batch
	for n := range benchRooms {
		b.Chunks = append(b.Chunks, store.Chunk{Room: matchID(n), N: uint32(k), Data: data})
	}
	return b
}
