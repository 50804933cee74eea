package testservers

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9"
)

// databases is how many numbered databases a private Redis has.
const databases = 4096

// StartRedis starts a private Redis that keeps nothing on disk. It fails with
// ErrMissing when redis-server is not on this machine.
func StartRedis(ctx context.Context) (*Server, error) {
	return again(func() (*Server, error) {
		return startRedis(ctx, 1, func(int) []string {
			return []string{"--databases", strconv.Itoa(databases)}
		})
	})
}

// clusterNodes is how many masters a private cluster has.
const clusterNodes = 3

// StartRedisCluster starts a private Redis Cluster of three masters without
// replicas; its URL is a comma list. It needs Redis 7 or newer.
func StartRedisCluster(ctx context.Context) (*Server, error) {
	return again(func() (*Server, error) {
		buses := make([]int, clusterNodes)
		for i := range buses {
			port, err := freePort()
			if err != nil {
				return nil, err
			}
			buses[i] = port
		}
		server, err := startRedis(ctx, clusterNodes, func(node int) []string {
			return []string{
				"--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(buses[node]),
				"--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "5000",
			}
		})
		if err != nil {
			return nil, err
		}
		if err := server.join(ctx, buses); err != nil {
			server.Stop()
			return nil, fmt.Errorf("join the cluster: %w", err)
		}
		return server, nil
	})
}

// startRedis starts nodes servers, each with the options of its number.
func startRedis(ctx context.Context, nodes int, options func(node int) []string) (_ *Server, err error) {
	binary, err := findBinary("redis-server", "/opt/homebrew/bin/redis-server")
	if err != nil {
		return nil, err
	}
	folder, err := newFolder()
	if err != nil {
		return nil, err
	}
	server := &Server{folder: folder}
	defer func() {
		if err != nil {
			server.Stop()
		}
	}()
	var urls []string
	for node := range nodes {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		own := filepath.Join(folder, strconv.Itoa(node))
		if err := os.Mkdir(own, 0o700); err != nil {
			return nil, err
		}
		command := exec.Command(binary, append([]string{
			"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--dir", own,
			"--save", "", "--appendonly", "no", "--daemonize", "no",
		}, options(node)...)...)
		command.Dir = own
		running, err := launch(command, syscall.SIGKILL, filepath.Join(own, "log"))
		if err != nil {
			return nil, err
		}
		server.processes = append(server.processes, running)
		client := redis.NewClient(&redis.Options{Addr: fmt.Sprintf("127.0.0.1:%d", port), MaxRetries: -1, DialerRetries: 1})
		err = running.await(ctx, func(ctx context.Context) error {
			// A plain connection first: the client would log every refusal.
			connection, err := net.Dial("tcp", client.Options().Addr)
			if err != nil {
				return err
			}
			_ = connection.Close()
			return client.Ping(ctx).Err()
		})
		_ = client.Close()
		if err != nil {
			return nil, err
		}
		urls = append(urls, fmt.Sprintf("redis://127.0.0.1:%d", port))
	}
	server.URL = strings.Join(urls, ",")
	return server, nil
}

// join gives each node its share of the slots, introduces them to each other
// and waits until every node sees the whole cluster.
func (s *Server) join(ctx context.Context, buses []int) error {
	const slots = 16384
	ports := make([]string, len(buses))
	clients := make([]*redis.Client, len(buses))
	for i, url := range strings.Split(s.URL, ",") {
		options, err := redis.ParseURL(url)
		if err != nil {
			return err
		}
		clients[i] = redis.NewClient(options)
		defer clients[i].Close()
		_, ports[i], _ = strings.Cut(options.Addr, ":")
	}
	for i, client := range clients {
		first, last := i*slots/len(clients), (i+1)*slots/len(clients)-1
		if err := client.ClusterAddSlotsRange(ctx, first, last).Err(); err != nil {
			return err
		}
		if err := client.Do(ctx, "CLUSTER", "SET-CONFIG-EPOCH", i+1).Err(); err != nil {
			return err
		}
		if i == 0 {
			continue
		}
		if err := client.Do(ctx, "CLUSTER", "MEET", "127.0.0.1", ports[0], buses[0]).Err(); err != nil {
			return err
		}
	}
	for i, client := range clients {
		err := s.processes[i].await(ctx, func(ctx context.Context) error {
			info, err := client.ClusterInfo(ctx).Result()
			if err != nil {
				return err
			}
			if !strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, fmt.Sprintf("cluster_known_nodes:%d", len(clients))) {
				return fmt.Errorf("not joined yet: %s", info)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
