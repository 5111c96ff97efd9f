package dev.snoozy.studio.web;

import dev.snoozy.format.Sha256;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the page may do in a browser (Content Security Policy Level 3, Trusted Types): run its own
 * modules, ask its own server, and nothing else. So even text of a model that got past every filter
 * could run nothing, load nothing and send nothing away.
 */
final class PageRules {
    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    private PageRules() {}

    /**
     * The headers that go with every file.
     *
     * @param start the text of the page, whose import map must stand within it, and is the only
     *     script there: its hash allows it
     */
    static Map<String, String> headers(String start) {
        Matcher matcher = IMPORT_MAP.matcher(start);
        if (!matcher.find()) {
            throw new IllegalStateException("index.html: expected an import map, found none");
        }
        byte[] hash = Sha256.bytes(matcher.group(1));
        String policy =
                String.join(
                        "; ",
                        "default-src 'none'",
                        "script-src 'self' 'sha256-"
                                + Base64.getEncoder().encodeToString(hash)
                                + "'",
                        "style-src 'self'",
                        "img-src 'self' data:",
                        "font-src 'self'",
                        "connect-src 'self'",
                        "object-src 'none'",
                        "base-uri 'none'",
                        "form-action 'none'",
                        "frame-ancestors 'none'",
                        "require-trusted-types-for 'script'",
                        "trusted-types dompurify lit-html");
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Security-Policy", policy);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        return headers;
    }
}
