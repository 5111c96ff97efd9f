package dev.snoozy.hub.download;

/** The file at the other end is not the one whose beginning was fetched. */
final class ChangedException extends DownloadException {
    private static final long serialVersionUID = 1;

    ChangedException(String message) {
        super(message);
    }
}
