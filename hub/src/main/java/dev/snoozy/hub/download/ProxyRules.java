package dev.snoozy.hub.download;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/**
 * Which requests go by way of a proxy: all, but those to this machine and to hosts of a list, as
 * NO_PROXY has it: names with their subdomains, addresses, each with a port or without, or {@code
 * *}. Immutable and thread-safe.
 */
final class ProxyRules extends ProxySelector {
    private final URI proxy;
    private final List<String> except;

    /**
     * Rules.
     *
     * @throws DownloadException if the proxy is not {@code http://host:port}
     */
    ProxyRules(URI proxy, List<String> except) {
        boolean http = "http".equalsIgnoreCase(proxy.getScheme());
        if (!http || proxy.getHost() == null) {
            throw new DownloadException(
                    "the proxy: expected http://host:port, found the scheme " + proxy.getScheme());
        }
        this.proxy = proxy;
        this.except = except.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    }

    @Override
    public List<Proxy> select(@Nullable URI uri) {
        if (uri == null || isExcepted(Site.of(uri))) {
            return List.of(Proxy.NO_PROXY);
        }
        int port = proxy.getPort() == -1 ? 80 : proxy.getPort();
        InetSocketAddress address = new InetSocketAddress(proxy.getHost(), port);
        return List.of(new Proxy(Proxy.Type.HTTP, address));
    }

    private boolean isExcepted(Site site) {
        if (isHere(site.host())) {
            return true;
        }
        for (String entry : except) {
            int colon = entry.lastIndexOf(':');
            boolean hasPort = colon > 0 && entry.indexOf(':') == colon;
            String name = hasPort ? entry.substring(0, colon) : entry;
            if (hasPort && !entry.substring(colon + 1).equals(Integer.toString(site.port()))) {
                continue;
            }
            String domain = name.replaceFirst("^\\*?\\.", "");
            boolean all = name.equals("*");
            if (all
                    || !domain.isEmpty()
                            && (site.host().equals(domain) || site.host().endsWith("." + domain))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a host is this machine by its very name; no name server is asked. */
    private static boolean isHere(String host) {
        boolean literal = host.startsWith("[") || host.matches("[0-9.]+");
        if (!literal) {
            return host.equals("localhost") || host.endsWith(".localhost");
        }
        try {
            String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return InetAddress.getByName(bare).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public void connectFailed(
            @Nullable URI uri, @Nullable SocketAddress address, @Nullable IOException failure) {
        // the request fails too, and says so
    }
}
