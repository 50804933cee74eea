package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// other is the label of everything whose name a caller could make up.
const other = "other"

// Metrics holds the process's figures. Every label has a bounded set of values.
type Metrics struct {
	Registry *prometheus.Registry // others may register their own

	known         map[string]bool
	requests      *prometheus.CounterVec
	requestTime   *prometheus.HistogramVec
	operations    *prometheus.CounterVec
	operationTime *prometheus.HistogramVec
	fields        *prometheus.HistogramVec
	subscriptions prometheus.Gauge
	messages      prometheus.Counter
}

// NewMetrics returns figures that tell the named operations apart (those of the
// trusted documents) and count all others together.
func NewMetrics(operations []string) *Metrics {
	seconds := []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		known:    map[string]bool{},
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dure_http_requests_total", Help: "HTTP requests by route and status.",
		}, []string{"method", "route", "status"}),
		requestTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dure_http_request_seconds", Help: "How long HTTP requests took, streams aside.", Buckets: seconds,
		}, []string{"route"}),
		operations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dure_graphql_operations_total", Help: "GraphQL operations by outcome: ok, or the code of the first error.",
		}, []string{"kind", "operation", "outcome"}),
		operationTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dure_graphql_operation_seconds", Help: "How long queries and mutations took.", Buckets: seconds,
		}, []string{"kind", "operation"}),
		fields: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dure_graphql_root_field_seconds", Help: "How long fields of Query and Mutation took.", Buckets: seconds,
		}, []string{"object", "field"}),
		subscriptions: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "dure_graphql_subscriptions", Help: "Subscriptions that run now.",
		}),
		messages: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dure_graphql_subscription_messages_total", Help: "Messages that subscriptions made.",
		}),
	}
	for _, name := range operations {
		m.known[name] = true
	}
	m.Registry.MustRegister(
		m.requests, m.requestTime, m.operations, m.operationTime, m.fields, m.subscriptions, m.messages,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

func (m *Metrics) handler() http.Handler {
	return promhttp.InstrumentMetricHandler(m.Registry, promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: 4, Timeout: 10 * time.Second,
	}))
}

func (m *Metrics) request(verb, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method(verb), route, strconv.Itoa(status)).Inc()
	if status != http.StatusSwitchingProtocols {
		m.requestTime.WithLabelValues(route).Observe(took.Seconds())
	}
}

// operation returns the label of an operation's name.
func (m *Metrics) operation(name string) string {
	if m.known[name] {
		return name
	}
	return other
}
