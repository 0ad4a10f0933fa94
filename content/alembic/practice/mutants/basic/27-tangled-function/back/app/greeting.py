"""How a resident is greeted."""


def greeting(hour: int, name: str) -> str:
    if hour < 0 or hour > 23:
        return "There is no such hour"
    if hour < 5:
        words = "Good night"
    elif hour < 9:
        words = "Good early morning"
    elif hour < 12:
        words = "Good morning"
    elif hour < 14:
        words = "Good noon"
    elif hour < 18:
        words = "Good afternoon"
    elif hour < 21:
        words = "Good evening"
    elif hour < 23:
        words = "Good late evening"
    else:
        words = "Good night"
    return f"{words}, {name}" if name else words
