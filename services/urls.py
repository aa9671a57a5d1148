from services import list_urls

app_name = "services"

urlpatterns = [*list_urls.urlpatterns]
