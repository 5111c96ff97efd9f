package dev.snoozy.hub.download;

import java.net.URI;
import java.util.Locale;

/**
 * Scheme, host and port of an address (RFC 6454, 4): what a token belongs to. Immutable.
 *
 * @param port never -1
 */
public record Site(String scheme, String host, int port) {
    /**
     * The site of an address.
     *
     * @throws DownloadException if it is not one of HTTP, has no host, or has a user in it
     */
    public static Site of(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        boolean http = scheme.equals("http");
        if (!http && !scheme.equals("https")) {
            throw new DownloadException(
                    "found an address of the scheme %s, expected https".formatted(scheme));
        }
        if (host == null || host.isEmpty() || uri.getRawUserInfo() != null) {
            throw new DownloadException(
                    "found an address without a plain host name, expected https://host/...;"
                            + " a token is given by HF_TOKEN or --token-file, not in the address");
        }
        int port = uri.getPort() != -1 ? uri.getPort() : http ? 80 : 443;
        return new Site(scheme, host.toLowerCase(Locale.ROOT), port);
    }

    /** Whether what is sent can be read on the way. */
    boolean isClear() {
        return scheme.equals("http");
    }
}
