package dev.snoozy.text.template;

import java.time.Clock;

/** The operations on values within one rendering, sharing its budget. Not thread-safe. */
final class Runtime {
    private final Budget budget;
    private final Clock clock;
    private final Text text;
    private final Iteration iteration;
    private final Comparison comparison;
    private final Arithmetic arithmetic;
    private final Members members;

    Runtime(Budget budget, Clock clock) {
        this.budget = budget;
        this.clock = clock;
        this.text = new Text(budget);
        this.iteration = new Iteration(budget);
        this.comparison = new Comparison(budget, iteration);
        this.arithmetic = new Arithmetic(this);
        this.members = new Members(this);
    }

    Budget budget() {
        return budget;
    }

    Clock clock() {
        return clock;
    }

    Text text() {
        return text;
    }

    Iteration iteration() {
        return iteration;
    }

    Comparison comparison() {
        return comparison;
    }

    Arithmetic arithmetic() {
        return arithmetic;
    }

    Members members() {
        return members;
    }

    /** Calls a value, if it can be called. */
    Object call(Object target, Arguments arguments) {
        if (target instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (!(target instanceof Callable callable)) {
            throw TemplateException.type("'" + Types.name(target) + "' object is not callable");
        }
        budget.enter();
        Object result = callable.call(this, arguments);
        budget.leave();
        return result;
    }
}
