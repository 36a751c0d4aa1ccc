package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"tickroom/lobby"
)

// neighbours shows how this server is among those of its database.
type neighbours struct {
	lobby     *lobby.Lobby
	load      *prometheus.Desc
	others    *prometheus.Desc
	forwarded *prometheus.Desc
}

func newNeighbours(l *lobby.Lobby) *neighbours {
	return &neighbours{
		lobby:     l,
		load:      prometheus.NewDesc("tickroom_load", "How busy this server is, of 1: by its ticks and how late they begin. It opens no rooms when nearly full.", nil, nil),
		others:    prometheus.NewDesc("tickroom_neighbours", "Other servers of the same database that live.", nil, nil),
		forwarded: prometheus.NewDesc("tickroom_forwarded_total", "Calls and connections forwarded to other servers, by how that went.", []string{"result"}, nil),
	}
}

func (c *neighbours) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(c, ch) }

func (c *neighbours) Collect(ch chan<- prometheus.Metric) {
	all, failed := c.lobby.Forwarded()
	ch <- prometheus.MustNewConstMetric(c.load, prometheus.GaugeValue, float64(c.lobby.Load())/1000)
	ch <- prometheus.MustNewConstMetric(c.others, prometheus.GaugeValue, float64(len(c.lobby.Neighbours())))
	ch <- prometheus.MustNewConstMetric(c.forwarded, prometheus.CounterValue, float64(all-failed), "answered")
	ch <- prometheus.MustNewConstMetric(c.forwarded, prometheus.CounterValue, float64(failed), "failed")
}
