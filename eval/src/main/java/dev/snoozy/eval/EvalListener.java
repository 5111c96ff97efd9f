package dev.snoozy.eval;

/** Is told how an evaluation goes, on the thread that runs it. */
public interface EvalListener {
    /** Says nothing. */
    EvalListener SILENT = new EvalListener() {};

    /**
     * Items are judged.
     *
     * @param done items of the task so far, with those of an earlier run
     * @param all items of the task
     */
    default void judged(Task task, int done, int all) {}

    /** A task is over. */
    default void finished(TaskResult result) {}
}
