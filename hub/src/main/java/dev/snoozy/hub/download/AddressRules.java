package dev.snoozy.hub.download;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Set;

/**
 * Where a download may lead: over https, or in clear to this machine and to servers that the user
 * has configured. An answer from the public network must not send anybody to an address behind the
 * firewall. Immutable and thread-safe.
 *
 * <p>A name is looked up here and again when it is connected to: a name server that changes its
 * mind in between is not held off by this, the proof of the content is.
 */
final class AddressRules {
    /** Finds the addresses of a name. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    private final Set<Site> configured;
    private final Lookup lookup;

    AddressRules(Set<Site> configured, Lookup lookup) {
        this.configured = Set.copyOf(configured);
        this.lookup = lookup;
    }

    /** Refuses an address that a user gave, if it is not a fit one. */
    void checkStart(URI uri) {
        Site site = Site.of(uri);
        if (site.isClear() && !configured.contains(site) && !isLoopback(site.host())) {
            throw new DownloadException(
                    "http://%s: expected https, since anybody on the way could change the file;"
                                    .formatted(site.host())
                            + " cure: https, or name the server in HF_ENDPOINT if it is yours");
        }
    }

    /** Refuses a redirect, if it leads where it should not. */
    void checkRedirect(URI from, URI to) {
        Site source = Site.of(from);
        Site target = Site.of(to);
        if (target.equals(source)) {
            return;
        }
        if (target.isClear() && !(isLoopback(source.host()) && isLoopback(target.host()))) {
            throw new DownloadException(
                    "%s redirects to http://%s: expected https"
                            .formatted(source.host(), target.host()));
        }
        if (isPrivate(target.host()) && !isPrivate(source.host())) {
            throw new DownloadException(
                    "%s redirects to %s, an address of this machine or its network: refused"
                            .formatted(source.host(), target.host()));
        }
    }

    private boolean isLoopback(String host) {
        try {
            for (InetAddress address : lookup.of(bare(host))) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private boolean isPrivate(String host) {
        try {
            for (InetAddress address : lookup.of(bare(host))) {
                if (isPrivate(address)) {
                    return true;
                }
            }
            return false;
        } catch (UnknownHostException e) {
            return false; // a proxy may know it, and what it reaches is the proxy's affair
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Whether an address is not one of the public network (RFC 6890). */
    static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (address instanceof Inet6Address) {
            return (first & 0xfe) == 0xfc || first == 0; // unique local, and IPv4 in disguise
        }
        return first == 0
                || first >= 240
                || first == 100 && (second & 0xc0) == 64
                || first == 192 && second == 0 && bytes[2] == 0
                || first == 198 && (second & 0xfe) == 18;
    }
}
