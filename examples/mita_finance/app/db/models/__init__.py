"""All models. Alembic's env.py imports this package so that the metadata is full."""

from app.db.models.ai_advice_template import AIAdviceTemplate
from app.db.models.budget_advice import BudgetAdvice
from app.db.models.daily_plan import DailyPlan
from app.db.models.expense import Expense
from app.db.models.goal import Goal
from app.db.models.habit import Habit
from app.db.models.mood import Mood
from app.db.models.notification_log import NotificationLog
from app.db.models.push_token import PushToken
from app.db.models.subscription import Subscription
from app.db.models.transaction import Transaction
from app.db.models.user import User
from app.db.models.user_answer import UserAnswer
from app.db.models.user_profile import UserProfile

__all__ = [
    "AIAdviceTemplate",
    "BudgetAdvice",
    "DailyPlan",
    "Expense",
    "Goal",
    "Habit",
    "Mood",
    "NotificationLog",
    "PushToken",
    "Subscription",
    "Transaction",
    "User",
    "UserAnswer",
    "UserProfile",
]
