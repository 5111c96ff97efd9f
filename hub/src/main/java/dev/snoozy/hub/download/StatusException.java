package dev.snoozy.hub.download;

/** A server's answer that is not what was asked for. Immutable. */
public final class StatusException extends DownloadException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String host;
    private final String code;

    StatusException(int status, String host, String code) {
        super("%s answered with status %d%s".formatted(host, status, note(code)));
        this.status = status;
        this.host = host;
        this.code = code;
    }

    private static String note(String code) {
        return code.isEmpty() ? "" : " (" + code + ")";
    }

    /** The status code of HTTP. */
    public int status() {
        return status;
    }

    /** Who answered. */
    public String host() {
        return host;
    }

    /** What Hugging Face says in {@code X-Error-Code}, or "". */
    public String code() {
        return code;
    }
}
